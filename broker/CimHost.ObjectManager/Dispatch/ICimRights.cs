namespace CimHost.ObjectManager.Dispatch;

/// <summary>What a caller may do. Asked for every operation, so that a change takes effect at once.</summary>
public interface ICimRights
{
    /// <summary>Whether an operation is allowed in a namespace.</summary>
    /// <param name="access">What the operation does.</param>
    /// <param name="namespaceName">Namespace, by the name under which it is kept; it need not exist.</param>
    bool Allows(CimAccess access, string namespaceName);
}
