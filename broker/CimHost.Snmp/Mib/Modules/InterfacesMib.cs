using CimHost.Snmp.Mib.Definition;
using CimHost.Snmp.Mib.Model;

namespace CimHost.Snmp.Mib.Modules;

/// <summary>IF-MIB (RFC 2863). The number of an interface is that of its port, whatever the kernel calls or counts it.</summary>
internal static class InterfacesMib
{
    private const int EthernetCsmacd = 6;
    private static readonly Oid s_interfaces = new(1, 3, 6, 1, 2, 1, 2);
    private static readonly Oid s_extension = new(1, 3, 6, 1, 2, 1, 31);

    /// <summary>ifIndex, without instance.</summary>
    public static Oid IfIndex { get; } = s_interfaces.Append(2, 1, 1);

    /// <summary>The module.</summary>
    public static MibModule Module(MibFacts facts) => new("IF-MIB", s_extension, "Network interfaces",
    [
        new MibScalar(s_interfaces.Append(1), "ifNumber", MibSyntax.Integer32, m => SnmpValue.Integer(m.Ports.Count)),
        new MibTable<PortView>(s_interfaces.Append(2), "ifTable", ["ifIndex"], m => m.Ports, p => [(uint)p.Index])
            .Column(1, "ifIndex", MibSyntax.Index, p => SnmpValue.Integer(p.Index))
            .Column(2, "ifDescr", MibSyntax.DisplayString, p => Values.Ascii(Name(p)))
            .Column(3, "ifType", MibSyntax.Of("IANAifType-MIB", "IANAifType", SnmpType.Integer32), _ => SnmpValue.Integer(EthernetCsmacd))
            .Column(4, "ifMtu", MibSyntax.Integer32, p => Values.Integer(p.Port.Number("ActiveMaximumTransmissionUnit")))
            .Column(5, "ifSpeed", MibSyntax.Gauge32, p => Values.Gauge(p.Port.Unsigned("Speed") ?? 0))
            .Column(6, "ifPhysAddress", MibSyntax.PhysAddress, p => SnmpValue.OctetString(Address(p)))
            .Column(7, "ifAdminStatus", MibSyntax.Enumeration(("up", 1), ("down", 2), ("testing", 3)), p => SnmpValue.Integer(p.Port.Number("EnabledState") == 3 ? 2 : 1))
            .Column(8, "ifOperStatus", MibSyntax.Enumeration(("up", 1), ("down", 2), ("testing", 3), ("unknown", 4), ("dormant", 5), ("notPresent", 6), ("lowerLayerDown", 7)), p => SnmpValue.Integer(Operation(p)))
            .Column(9, "ifLastChange", MibSyntax.TimeTicks, _ => SnmpValue.TimeTicks(0))
            .Column(10, "ifInOctets", MibSyntax.Counter32, p => Values.Counter(Count(p, "BytesReceived")))
            .Column(11, "ifInUcastPkts", MibSyntax.Counter32, p => Values.Counter(Unicast(p)))
            .Column(13, "ifInDiscards", MibSyntax.Counter32, p => Values.Counter(Count(p, "ReceiveDropped")))
            .Column(14, "ifInErrors", MibSyntax.Counter32, p => Values.Counter(Count(p, "ReceiveErrors")))
            .Column(16, "ifOutOctets", MibSyntax.Counter32, p => Values.Counter(Count(p, "BytesTransmitted")))
            .Column(17, "ifOutUcastPkts", MibSyntax.Counter32, p => Values.Counter(Count(p, "PacketsTransmitted")))
            .Column(19, "ifOutDiscards", MibSyntax.Counter32, p => Values.Counter(Count(p, "TransmitDropped")))
            .Column(20, "ifOutErrors", MibSyntax.Counter32, p => Values.Counter(Count(p, "TransmitErrors"))),
        new MibTable<PortView>(s_extension.Append(1, 1), "ifXTable", ["ifIndex"], m => m.Ports, p => [(uint)p.Index])
            .Column(1, "ifName", MibSyntax.DisplayString, p => Values.Ascii(Name(p)))
            .Column(2, "ifInMulticastPkts", MibSyntax.Counter32, p => Values.Counter(Count(p, "MulticastReceived")))
            .Column(6, "ifHCInOctets", MibSyntax.Counter64, p => Values.Counter64(Count(p, "BytesReceived")))
            .Column(7, "ifHCInUcastPkts", MibSyntax.Counter64, p => Values.Counter64(Unicast(p)))
            .Column(8, "ifHCInMulticastPkts", MibSyntax.Counter64, p => Values.Counter64(Count(p, "MulticastReceived")))
            .Column(10, "ifHCOutOctets", MibSyntax.Counter64, p => Values.Counter64(Count(p, "BytesTransmitted")))
            .Column(11, "ifHCOutUcastPkts", MibSyntax.Counter64, p => Values.Counter64(Count(p, "PacketsTransmitted")))
            .Column(15, "ifHighSpeed", MibSyntax.Gauge32, p => Values.Gauge(((p.Port.Unsigned("Speed") ?? 0) + 500_000) / 1_000_000))
            .Column(17, "ifConnectorPresent", MibSyntax.TruthValue, _ => Values.Truth(true))
            .Column(18, "ifAlias", MibSyntax.DisplayString, _ => Values.Ascii(null))
            .Column(19, "ifCounterDiscontinuityTime", MibSyntax.TimeStamp, _ => SnmpValue.TimeTicks(0)),
        new MibScalar(s_extension.Append(1, 5), "ifTableLastChange", MibSyntax.TimeTicks, m => SnmpValue.TimeTicks(m.History.LastChange is { } time ? facts.UpTimeAt(time) : 0)),
    ]);

    private static string Name(PortView port) => port.Port.FirstText("InterfaceName", "Name", "DeviceID") ?? string.Empty;

    private static ulong? Count(PortView port, string property) => port.IsOutdated ? null : port.Statistics?.Unsigned(property);

    // The kernel counts multicasts among the packets that came in.
    private static ulong? Unicast(PortView port) =>
        Count(port, "PacketsReceived") is { } all ? all - Math.Min(all, Count(port, "MulticastReceived") ?? 0) : null;

    private static int Operation(PortView port) => port.IsOutdated ? 4 : port.Port.Text("OperationalState") switch
    {
        "up" => 1,
        "down" => 2,
        "testing" => 3,
        "dormant" => 5,
        "notpresent" => 6,
        "lowerlayerdown" => 7,
        _ => port.Port.Truth("LinkDetected") switch { true => 1, false => 2, null => 4 },
    };

    private static byte[] Address(PortView port)
    {
        string digits = (port.Port.Text("PermanentAddress") ?? string.Empty).Replace(":", string.Empty, StringComparison.Ordinal);
        return digits.Length % 2 == 0 && digits.All(char.IsAsciiHexDigit) ? Convert.FromHexString(digits) : [];
    }
}
