namespace CimHost.Snmp.Mib;

/// <summary>Names below VMware's enterprise number (VMWARE-ROOT-MIB, VMWARE-PRODUCTS-MIB, VMWARE-ENV-MIB).</summary>
internal static class VMwareOids
{
    /// <summary>vmware.</summary>
    public static Oid Root { get; } = new(1, 3, 6, 1, 4, 1, 6876);

    /// <summary>vmwSystem.</summary>
    public static Oid System { get; } = Root.Append(1);

    /// <summary>vmwResources.</summary>
    public static Oid Resources { get; } = Root.Append(3);

    /// <summary>vmwESX, the sysObjectID of ESXi.</summary>
    public static Oid Esx { get; } = Root.Append(4, 1);

    /// <summary>vmwESXNotifications.</summary>
    public static Oid Notifications { get; } = Esx.Append(0);

    /// <summary>vmwEnv.</summary>
    public static Oid Environment { get; } = Root.Append(4, 20);

    /// <summary>vmwEnvEntry: a column is one sub-identifier more, then the row.</summary>
    public static Oid EnvironmentEntry { get; } = Environment.Append(3, 1);
}
