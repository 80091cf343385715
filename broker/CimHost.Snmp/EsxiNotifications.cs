namespace CimHost.Snmp;

/// <summary>Which notifications tell of alerts.</summary>
public enum EsxiNotifications
{
    /// <summary>Those of CIMHOST-MIB, then those of VMWARE-ENV-MIB.</summary>
    Both,

    /// <summary>Those of CIMHOST-MIB.</summary>
    CimHost,

    /// <summary>Those of VMWARE-ENV-MIB.</summary>
    VMware,
}
