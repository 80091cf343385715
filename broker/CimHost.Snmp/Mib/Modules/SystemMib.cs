using System.Runtime.InteropServices;
using CimHost.Snmp.Mib.Definition;
using CimHost.Snmp.Mib.Model;

namespace CimHost.Snmp.Mib.Modules;

/// <summary>The system group of SNMPv2-MIB (RFC 3418 section 2).</summary>
internal static class SystemMib
{
    private const int Applications = 64;
    private static readonly Oid s_system = new(1, 3, 6, 1, 2, 1, 1);

    /// <summary>The module.</summary>
    /// <param name="facts">Where it reads from.</param>
    /// <param name="others">Modules that sysORTable names besides this one.</param>
    public static MibModule Module(MibFacts facts, IReadOnlyList<MibModule> others)
    {
        var identity = new Oid(1, 3, 6, 1, 6, 3, 1);
        (int Index, Oid Oid, string Summary)[] resources = [(1, identity, "The system and snmp groups"), .. others.Where(m => m.Oid != identity).Select((m, i) => (i + 2, m.Oid, m.Summary))];
        return new MibModule("SNMPv2-MIB", identity, "The system and snmp groups",
        [
            new MibScalar(s_system.Append(1), "sysDescr", MibSyntax.DisplayString, m => Values.Ascii(Describe(facts, m))),
            new MibScalar(s_system.Append(2), "sysObjectID", MibSyntax.ObjectIdentifier, _ => SnmpValue.ObjectIdentifier(facts.Options.Esxi.Enabled ? VMwareOids.Esx : facts.Options.Names.Root)),
            new MibScalar(s_system.Append(3), "sysUpTime", MibSyntax.TimeTicks, () => SnmpValue.TimeTicks(facts.Engine.UpTime)),
            new MibScalar(s_system.Append(4), "sysContact", MibSyntax.DisplayString, _ => Values.Ascii(facts.Settings.Contact), access: MibAccess.ReadWrite),
            new MibScalar(s_system.Append(5), "sysName", MibSyntax.DisplayString, _ => Values.Ascii(facts.Settings.Name), access: MibAccess.ReadWrite),
            new MibScalar(s_system.Append(6), "sysLocation", MibSyntax.DisplayString, _ => Values.Ascii(facts.Settings.Location), access: MibAccess.ReadWrite),
            new MibScalar(s_system.Append(7), "sysServices", MibSyntax.Integer32, _ => SnmpValue.Integer(Applications)),
            new MibScalar(s_system.Append(8), "sysORLastChange", MibSyntax.TimeStamp, _ => SnmpValue.TimeTicks(0)),
            new MibTable<(int Index, Oid Oid, string Summary)>(s_system.Append(9), "sysORTable", ["sysORIndex"], _ => resources, r => [(uint)r.Index])
                .IndexColumn(1, "sysORIndex", MibSyntax.Index)
                .Column(2, "sysORID", MibSyntax.ObjectIdentifier, r => SnmpValue.ObjectIdentifier(r.Oid))
                .Column(3, "sysORDescr", MibSyntax.DisplayString, r => Values.Ascii(r.Summary))
                .Column(4, "sysORUpTime", MibSyntax.TimeStamp, _ => SnmpValue.TimeTicks(0)),
        ]);
    }

    private static string Describe(MibFacts facts, MachineView machine)
    {
        if (facts.Options.Esxi is { Enabled: true } esxi)
        {
            return $"{esxi.ProductName} {VMwareMibs.VersionOf(facts, esxi)} build-{esxi.Build} {RuntimeInformation.OSArchitecture switch { Architecture.X64 => "x86_64", Architecture.Arm64 => "aarch64", var other => other.ToString() }}";
        }

        EntityView? host = machine.EntityByIdentity.GetValueOrDefault(EntityTree.HostIdentity);
        string hardware = host?.First("Model") is { } model ? $"{host.First("Manufacturer")} {model}, ".TrimStart() : string.Empty;
        string system = machine.OperatingSystem is { } os ? $"{os.FirstText("Distribution", "Name")} {os.Text("Version")}".Trim() : "Linux";
        return $"CimHost {facts.Options.Version}, {hardware}{system}";
    }
}
