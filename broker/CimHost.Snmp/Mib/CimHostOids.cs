namespace CimHost.Snmp.Mib;

/// <summary>
/// Names below the root of CIMHOST-MIB. The default enterprise number is the one reserved for documentation (RFC 5612), until the project
/// has one of its own; a site may configure another.
/// </summary>
public sealed class CimHostOids
{
    /// <summary>The enterprise number that is used unless another is configured.</summary>
    public const uint DefaultEnterprise = 32473;

    /// <summary>Names below an enterprise number.</summary>
    /// <param name="enterprise">Enterprise number.</param>
    public CimHostOids(uint enterprise = DefaultEnterprise)
    {
        Enterprise = enterprise;
        Root = new Oid(1, 3, 6, 1, 4, 1, enterprise, 1);
        Notifications = Root.Append(1, 0);
        Objects = Root.Append(1);
        AlertRaised = Notifications.Append(1);
        AlertChanged = Notifications.Append(2);
        AlertCleared = Notifications.Append(3);
        AlertEntry = Objects.Append(4, 1, 1);
    }

    /// <summary>Names below the default enterprise number.</summary>
    public static CimHostOids Default { get; } = new();

    /// <summary>The enterprise number.</summary>
    public uint Enterprise { get; }

    /// <summary>cimhost: the product, below the enterprise number.</summary>
    public Oid Root { get; }

    /// <summary>cimHostMIB: everything that CIMHOST-MIB defines.</summary>
    public Oid Objects { get; }

    /// <summary>cimHostNotifications; ends in 0 so that SNMPv1 can express them (RFC 3584 section 3.1).</summary>
    public Oid Notifications { get; }

    /// <summary>cimHostAlertRaised.</summary>
    public Oid AlertRaised { get; }

    /// <summary>cimHostAlertChanged: another severity, or told again.</summary>
    public Oid AlertChanged { get; }

    /// <summary>cimHostAlertCleared.</summary>
    public Oid AlertCleared { get; }

    /// <summary>cimHostAlertEntry: a column is one sub-identifier more (<see cref="AlertColumn"/>), then the number of the alert.</summary>
    public Oid AlertEntry { get; }

    /// <summary>A column of the alert table for one alert.</summary>
    /// <param name="column">Column.</param>
    /// <param name="alert">Number of the alert; the low 32 bits are the index.</param>
    public Oid Alert(AlertColumn column, long alert) => AlertEntry.Append((uint)column, unchecked((uint)alert));
}
