namespace CimHost.ObjectManager.Dispatch;

/// <summary>Rights that are the same in every namespace.</summary>
public sealed class CimRights : ICimRights
{
    private readonly bool _canChange;

    private CimRights(bool canChange) => _canChange = canChange;

    /// <summary>Everything.</summary>
    public static CimRights All { get; } = new(canChange: true);

    /// <summary>Reading alone.</summary>
    public static CimRights ReadOnly { get; } = new(canChange: false);

    /// <inheritdoc/>
    public bool Allows(CimAccess access, string namespaceName) => _canChange || access == CimAccess.Read;
}
