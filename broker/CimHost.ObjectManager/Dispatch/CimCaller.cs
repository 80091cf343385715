namespace CimHost.ObjectManager.Dispatch;

/// <summary>Who asks for an operation, after authentication.</summary>
/// <param name="UserName">Name of the local user; empty for the host itself.</param>
/// <param name="Rights">What the caller may do.</param>
public sealed record CimCaller(string UserName, ICimRights Rights)
{
    /// <summary>The host itself.</summary>
    public static CimCaller Host { get; } = new(string.Empty, CimRights.All);
}
