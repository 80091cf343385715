namespace CimHost.Snmp.Security;

/// <summary>Security level of a message, as snmpSecurityLevel numbers it (RFC 3411 section 5).</summary>
public enum SecurityLevel
{
    /// <summary>In clear, from anybody who knows a name.</summary>
    NoAuthNoPriv = 1,

    /// <summary>Authenticated.</summary>
    AuthNoPriv = 2,

    /// <summary>Authenticated and encrypted.</summary>
    AuthPriv = 3,
}
