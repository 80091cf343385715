using CimHost.Snmp.Mib.Definition;
using CimHost.Snmp.Mib.Model;

namespace CimHost.Snmp.Mib.Modules;

/// <summary>The snmp group of SNMPv2-MIB (RFC 3418 section 2), and the counters that RFC 1213 had in it.</summary>
internal static class SnmpMib
{
    /// <summary>The module's group.</summary>
    public static MibModule Module(MibFacts facts) => new("SNMPv2-MIB", new Oid(1, 3, 6, 1, 6, 3, 1), "The system and snmp groups",
    [
        .. Enum.GetValues<SnmpCounter>().Where(c => c <= SnmpCounter.SnmpProxyDrops).Select(c => EngineMibs.Counter(facts, c)),
        new MibScalar(
            new Oid(1, 3, 6, 1, 2, 1, 11, 30), "snmpEnableAuthenTraps", MibSyntax.Enumeration(("enabled", 1), ("disabled", 2)),
            () => SnmpValue.Integer(facts.Engine.AuthenticationTraps ? 1 : 2), access: MibAccess.ReadWrite),
    ]);
}
