namespace CimHost.Snmp;

/// <summary>
/// What tools for ESXi's SNMP agent look at, in addition to everything else: section <c>Snmp:Esxi</c>. The enterprise number 6876 is VMware's,
/// so it is off unless somebody wants it.
/// </summary>
public sealed class EsxiOptions
{
    /// <summary>Whether sysObjectID and sysDescr are as ESXi's, and the objects of VMware's MIBs are served.</summary>
    public bool Enabled { get; set; }

    /// <summary>vmwProdName; tools that look for it want "VMware ESXi".</summary>
    public string ProductName { get; set; } = "CimHost";

    /// <summary>vmwProdVersion; empty: that of this program.</summary>
    public string Version { get; set; } = string.Empty;

    /// <summary>vmwProdBuild.</summary>
    public string Build { get; set; } = "0";

    /// <summary>vmwProdUpdate, a number as text.</summary>
    public string Update { get; set; } = "0";

    /// <summary>vmwProdPatch, a number as text.</summary>
    public string Patch { get; set; } = "0";

    /// <summary>Which notifications tell of alerts.</summary>
    public EsxiNotifications Notifications { get; set; } = EsxiNotifications.Both;
}
