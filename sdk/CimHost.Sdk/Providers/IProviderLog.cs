namespace CimHost.Sdk.Providers;

/// <summary>A package's log. Messages name the device and never carry a secret.</summary>
public interface IProviderLog
{
    /// <summary>Detail for someone who looks for a fault.</summary>
    void Debug(string message);

    /// <summary>A change of state that a person wants to know.</summary>
    void Information(string message);

    /// <summary>Something is wrong and the package goes on.</summary>
    void Warning(string message, Exception? exception = null);

    /// <summary>Something does not work at all.</summary>
    void Error(string message, Exception? exception = null);
}
