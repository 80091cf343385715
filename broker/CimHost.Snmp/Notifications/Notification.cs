namespace CimHost.Snmp.Notifications;

/// <summary>A notification: which, and what it tells besides sysUpTime.</summary>
/// <param name="Name">snmpTrapOID.</param>
/// <param name="Variables">Variables, in their order of importance: what does not fit into a message is left out from the end.</param>
public sealed record Notification(Oid Name, IReadOnlyList<VarBind> Variables)
{
    /// <summary>snmpTrapOID.0, the variable that says which notification it is (RFC 3418).</summary>
    internal static Oid TrapOid { get; } = new(1, 3, 6, 1, 6, 3, 1, 1, 4, 1, 0);

    /// <summary>coldStart (RFC 3418): the agent has started.</summary>
    public static Notification ColdStart { get; } = new(new Oid(1, 3, 6, 1, 6, 3, 1, 1, 5, 1), []);

    /// <summary>warmStart (RFC 3418): the agent has read its configuration again.</summary>
    public static Notification WarmStart { get; } = new(new Oid(1, 3, 6, 1, 6, 3, 1, 1, 5, 2), []);

    /// <summary>authenticationFailure (RFC 3418): somebody asked with a wrong community or digest.</summary>
    public static Notification AuthenticationFailure { get; } = new(new Oid(1, 3, 6, 1, 6, 3, 1, 1, 5, 5), []);
}
