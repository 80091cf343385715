namespace CimHost.ObjectManager.Dispatch;

/// <summary>Who asks for an operation, after authentication.</summary>
/// <param name="UserName">Name of the local user; empty for the host itself.</param>
/// <param name="CanWrite">True for administrators; others may read only.</param>
public sealed record CimCaller(string UserName, bool CanWrite)
{
    /// <summary>The host itself.</summary>
    public static CimCaller Host { get; } = new(string.Empty, true);
}
