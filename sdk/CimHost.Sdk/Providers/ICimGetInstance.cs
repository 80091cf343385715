using CimHost.Sdk.Cim;

namespace CimHost.Sdk.Providers;

/// <summary>A provider that can find one instance faster than by enumerating all.</summary>
public interface ICimGetInstance
{
    /// <summary>The instance of that path, or null when there is none. The path is normalised to the class.</summary>
    ValueTask<CimInstance?> GetAsync(CimProviderRequest request, CimObjectPath path, CancellationToken cancellationToken);
}
