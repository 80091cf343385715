using CimHost.Alerts;
using CimHost.Snmp.Mib.Definition;
using CimHost.Snmp.Mib.Model;

namespace CimHost.Snmp.Mib.Modules;

/// <summary>
/// What ESXi's agent has that tools look at, as far as this host knows it: VMWARE-SYSTEM-MIB, VMWARE-RESOURCES-MIB without host bus adapters,
/// and VMWARE-ENV-MIB with a row for each alert that is about a device.
/// </summary>
internal static class VMwareMibs
{
    private const int Sensors = 2;

    private static readonly MibSyntax s_subsystem = MibSyntax.Enumeration(
        ("unknown", 1), ("chassis", 2), ("powerSupply", 3), ("fan", 4), ("cpu", 5), ("memory", 6), ("battery", 7), ("temperatureSensor", 8), ("raidController", 9), ("voltage", 10));

    private static readonly MibSyntax s_status = MibSyntax.Enumeration(("unknown", 1), ("normal", 2), ("marginal", 3), ("critical", 4), ("failed", 5));

    /// <summary>The modules.</summary>
    public static IEnumerable<MibModule> All(MibFacts facts, EsxiOptions esxi) => [System(facts, esxi), Resources(), Environment(facts)];

    /// <summary>vmwProdVersion.</summary>
    public static string VersionOf(MibFacts facts, EsxiOptions esxi) => esxi.Version.Length > 0 ? esxi.Version : facts.Options.Version;

    private static MibModule System(MibFacts facts, EsxiOptions esxi) => new("VMWARE-SYSTEM-MIB", VMwareOids.System.Append(10), "Name, version and build of the product",
    [
        Text(1, "vmwProdName", esxi.ProductName),
        Text(2, "vmwProdVersion", VersionOf(facts, esxi)),
        Text(4, "vmwProdBuild", esxi.Build),
        Text(5, "vmwProdUpdate", esxi.Update),
        Text(6, "vmwProdPatch", esxi.Patch),
    ]);

    private static MibModule Resources() => new("VMWARE-RESOURCES-MIB", VMwareOids.Resources.Append(10), "Processors and memory",
    [
        new MibScalar(VMwareOids.Resources.Append(1, 1), "vmwNumCPUs", MibSyntax.Gauge32, m => m.Processors.Count == 0 ? null : Values.Gauge((ulong)m.Processors.Count)),
        new MibScalar(VMwareOids.Resources.Append(2, 1), "vmwMemSize", MibSyntax.Gauge32, MemorySize, units: "kilobytes"),

        // There is no service console that takes memory away.
        new MibScalar(VMwareOids.Resources.Append(2, 2), "vmwMemCOS", MibSyntax.Gauge32, _ => SnmpValue.Gauge32(0), units: "kilobytes"),
        new MibScalar(VMwareOids.Resources.Append(2, 3), "vmwMemAvail", MibSyntax.Gauge32, MemorySize, units: "kilobytes"),
    ]);

    private static MibModule Environment(MibFacts facts) => new("VMWARE-ENV-MIB", VMwareOids.Environment.Append(10), "What became of the hardware",
    [
        new MibScalar(VMwareOids.Environment.Append(1), "vmwEnvNumber", MibSyntax.Integer32, m => Values.Integer(Events(m).Count())),
        new MibScalar(VMwareOids.Environment.Append(2), "vmwEnvLastChange", MibSyntax.TimeStamp, m => SnmpValue.TimeTicks(LastChange(facts, m))),
        new MibTable<Alert>(VMwareOids.Environment.Append(3), "vmwEnvTable", ["vmwEnvIndex"], Events, a => [VMwareEvent.IndexOf(a)])
            .IndexColumn(1, "vmwEnvIndex", MibSyntax.Integer32.Range(1, VMwareEvent.MaxIndex))
            .Column(2, "vmwSubsystemType", s_subsystem, a => SnmpValue.Integer((int)VMwareEvent.SubsystemOf(a)))
            .Column(3, "vmwHardwareStatus", s_status, a => SnmpValue.Integer(VMwareEvent.StatusOf(a)))
            .Column(4, "vmwEventDescription", MibSyntax.DisplayString, a => VMwareEvent.DescriptionOf(a))
            .Column(5, "vmwEnvHardwareTime", MibSyntax.DateAndTime, a => VMwareEvent.TimeOf(a)),
        new MibScalar(
            VMwareOids.Environment.Append(100), "vmwEnvSource", MibSyntax.Enumeration(("unknown", 1), ("sensors", 2), ("indications", 3), ("ipmi", 4)), _ => SnmpValue.Integer(Sensors)),
    ]);

    private static MibScalar Text(uint number, string name, string text) => new(VMwareOids.System.Append(number), name, MibSyntax.DisplayString, _ => Values.Ascii(text));

    private static SnmpValue? MemorySize(MachineView machine) => machine.OperatingSystem?.Unsigned("TotalVisibleMemorySize") is { } size ? Values.Gauge(size) : null;

    // Newest first, so that of two with one index it is the newer that is shown.
    private static IEnumerable<Alert> Events(MachineView machine) => machine.Alerts.Where(a => a.Kind is AlertKind.Threshold or AlertKind.State or AlertKind.Communication).DistinctBy(VMwareEvent.IndexOf);

    private static uint LastChange(MibFacts facts, MachineView machine) =>
        Events(machine).Select(a => a.ClearedAt ?? a.RaisedAt).DefaultIfEmpty().Max() is { Ticks: > 0 } last ? facts.UpTimeAt(last) : 0;
}
