namespace CimHost.VmKernel.Users;

/// <summary>A change of users, groups, roles or permissions that is refused; nothing was changed. The message says why, for a person.</summary>
/// <param name="message">Why.</param>
public sealed class AccountException(string message) : Exception(message);
