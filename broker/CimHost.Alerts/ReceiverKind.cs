namespace CimHost.Alerts;

/// <summary>How a receiver of alerts is told.</summary>
public enum ReceiverKind
{
    /// <summary>JSON by HTTP POST.</summary>
    Webhook,

    /// <summary>A program is run.</summary>
    Command,

    /// <summary>E-mail by SMTP.</summary>
    Smtp,

    /// <summary>Syslog (RFC 5424) by UDP, TCP or TLS.</summary>
    Syslog,

    /// <summary>SNMP trap or inform.</summary>
    Snmp,
}
