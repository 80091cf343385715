namespace CimHost.Alerts;

/// <summary>One receiver: an entry of <c>Alerts:Receivers</c>.</summary>
public sealed class ReceiverOptions
{
    /// <summary>Name by which the host remembers what it got; of letters, digits, dot, dash and underscore.</summary>
    public string Name { get; set; } = string.Empty;

    /// <summary>How it is told.</summary>
    public ReceiverKind Kind { get; set; }

    /// <summary>
    /// Where: a URL (webhook), a program (command), host:port (smtp), udp://host:port, tcp://… or tls://… (syslog), host:port or
    /// tcp:host:port (snmp; 162 without a port).
    /// </summary>
    public string Address { get; set; } = string.Empty;

    /// <summary>
    /// Which alerts: a condition of CQL over CimHost_AlertIndication, such as <c>PerceivedSeverity &gt;= 5</c>; empty: all.
    /// </summary>
    public string Filter { get; set; } = string.Empty;

    /// <summary>How long one attempt may take, in seconds; an inform: when it is sent again without an acknowledgement. 0: 30, informs 5.</summary>
    public double TimeoutSeconds { get; set; }

    /// <summary>smtp: from whom.</summary>
    public string From { get; set; } = string.Empty;

    /// <summary>smtp: to whom, with commas between.</summary>
    public string To { get; set; } = string.Empty;

    /// <summary>smtp: user, when the server wants one.</summary>
    public string UserName { get; set; } = string.Empty;

    /// <summary>smtp: file with the password; webhook: file with a token that is sent as Bearer.</summary>
    public string PasswordFile { get; set; } = string.Empty;

    /// <summary>smtp: whether the connection is encrypted: StartTls, Tls or None.</summary>
    public string Security { get; set; } = "StartTls";

    /// <summary>File with the certificate authorities that are trusted besides the system's (webhook, smtp, syslog by TLS).</summary>
    public string TrustFile { get; set; } = string.Empty;

    /// <summary>snmp: version, 1, 2c or 3.</summary>
    public string Version { get; set; } = "2c";

    /// <summary>snmp: community, with versions 1 and 2c.</summary>
    public string Community { get; set; } = string.Empty;

    /// <summary>snmp: name of one of <c>Snmp:Users</c>, with version 3; the highest security level that it has is used.</summary>
    public string User { get; set; } = string.Empty;

    /// <summary>snmp: true: an inform, which is sent until it is acknowledged; false: a trap, which may get lost. SNMPv1 has no informs.</summary>
    public bool Inform { get; set; }
}
