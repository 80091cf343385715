using CimHost.Snmp.Mib.Definition;
using CimHost.Snmp.Mib.Model;

namespace CimHost.Snmp.Mib.Modules;

/// <summary>Worlds and resource groups in CIMHOST-MIB.</summary>
internal static class CimHostWorlds
{
    /// <summary>The tables.</summary>
    public static IEnumerable<IMibNode> Tables(Oid root) =>
    [
        new MibTable<NumberedView>(root.Append(5, 1), "cimHostWorldTable", ["cimHostWorldIndex"], m => m.Worlds, w => [(uint)w.Index], "Every user world.")
            .IndexColumn(1, "cimHostWorldIndex", MibSyntax.Index, "Number of the row, which is its hrSWRunIndex.")
            .Column(2, "cimHostWorldHandle", MibSyntax.AdminString, w => Values.Text(w.Instance.Text("Handle")), "Number of the world.")
            .Column(3, "cimHostWorldName", MibSyntax.AdminString, w => Values.Text(w.Instance.Text("Name")), "Name.")
            .Column(4, "cimHostWorldGroup", MibSyntax.AdminString, w => Values.Text(w.Instance.Text("ResourceGroup")), "Path of its resource group.")
            .Column(5, "cimHostWorldProcessorTime", MibSyntax.Counter64, w => Values.Counter64(w.Instance.Unsigned("UserModeTime")), "Processor time.", "milliseconds")
            .Column(6, "cimHostWorldReadyTime", MibSyntax.Counter64, w => Values.Counter64(w.Instance.Unsigned("ReadyTime")), "Time with work and without a processor.", "milliseconds")
            .Column(7, "cimHostWorldMemory", MibSyntax.Gauge64, w => Values.Counter64(w.Instance.Unsigned("WorkingSetSize")), "Memory that it uses.", "bytes")
            .Column(8, "cimHostWorldOpenFiles", MibSyntax.Gauge32, w => Values.Gauge(w.Instance.Unsigned("OpenFiles")), "Open files."),
        new MibTable<NumberedView>(root.Append(5, 2), "cimHostGroupTable", ["cimHostGroupIndex"], m => m.ResourceGroups, g => [(uint)g.Index], "Every resource group, once for each resource.")
            .IndexColumn(1, "cimHostGroupIndex", MibSyntax.Index, "Number of the row; group and resource keep it for ever.")
            .Column(2, "cimHostGroupPath", MibSyntax.AdminString, g => Values.Text(g.Instance.Text("PoolID")), "Path of the group.")
            .Column(3, "cimHostGroupResource", MibSyntax.Enumeration(("processor", 3), ("memory", 4)), g => Values.Integer(g.Instance.Number("ResourceType")), "The resource.")
            .Column(4, "cimHostGroupShares", MibSyntax.Gauge32, g => Values.Gauge(g.Instance.Unsigned("Shares")), "Weight against its siblings.")
            .Column(5, "cimHostGroupReserved", MibSyntax.Gauge64, g => Values.Counter64(g.Instance.Unsigned("Reserved")), "Reservation: thousandths of a processor, or bytes.")
            .Column(6, "cimHostGroupCapacity", MibSyntax.Gauge64, g => Values.Counter64(g.Instance.Unsigned("Capacity")), "Most that it may use: thousandths of a processor, or bytes.")
            .Column(7, "cimHostGroupUsedTime", MibSyntax.Counter64, g => Values.Counter64(g.Instance.Unsigned("UsedTime")), "Processor time of its worlds and those below; no instance for memory.", "milliseconds")
            .Column(8, "cimHostGroupWorlds", MibSyntax.Gauge32, g => Values.Gauge(g.Instance.Unsigned("Worlds")), "Worlds in the group itself."),
    ];
}
