using CimHost.Snmp.Agent;
using CimHost.Snmp.Notifications;

namespace CimHost.Snmp.Mib;

/// <summary>How the MIBs are served.</summary>
public sealed record MibOptions
{
    /// <summary>Name of this host as CIM has it; also sysName until a manager sets another.</summary>
    public required string SystemName { get; init; }

    /// <summary>File that keeps the numbers of rows and what managers set.</summary>
    public required string StorePath { get; init; }

    /// <summary>Version of this program, for sysDescr.</summary>
    public required string Version { get; init; }

    /// <summary>Names of CIMHOST-MIB.</summary>
    public CimHostOids Names { get; init; } = CimHostOids.Default;

    /// <summary>sysContact until a manager sets another.</summary>
    public string Contact { get; init; } = string.Empty;

    /// <summary>sysLocation until a manager sets another.</summary>
    public string Location { get; init; } = string.Empty;

    /// <summary>Who may ask, for the tables that show it; null shows nobody.</summary>
    public SnmpAccess? Access { get; init; }

    /// <summary>Who is notified, for the tables that show it.</summary>
    public IReadOnlyList<NotificationTarget> Targets { get; init; } = [];

    /// <summary>What tools for ESXi look at.</summary>
    public EsxiOptions Esxi { get; init; } = new();

    /// <summary>How often the model is read while somebody asks.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>For how long after the last request the model is still read.</summary>
    public TimeSpan KeepReading { get; init; } = TimeSpan.FromMinutes(10);
}
