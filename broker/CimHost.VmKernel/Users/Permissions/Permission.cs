namespace CimHost.VmKernel.Users.Permissions;

/// <summary>A role that a user or a group has on an object. There is at most one for a user or group and a path.</summary>
/// <param name="Principal">Name of the user or group.</param>
/// <param name="IsGroup">Whether it is a group.</param>
/// <param name="Role">Name of the role.</param>
/// <param name="Path">The object.</param>
/// <param name="Propagates">Whether what lies below the object is included.</param>
public sealed record Permission(string Principal, bool IsGroup, string Role, ObjectPath Path, bool Propagates)
{
    /// <summary>Whether another permission is for the same user or group on the same object.</summary>
    internal bool IsAbout(string principal, bool isGroup, ObjectPath path) =>
        IsGroup == isGroup && Path.Equals(path) && string.Equals(Principal, principal, StringComparison.Ordinal);
}
