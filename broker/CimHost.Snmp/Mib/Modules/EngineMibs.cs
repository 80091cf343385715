using CimHost.Snmp.Mib.Definition;
using CimHost.Snmp.Mib.Model;

namespace CimHost.Snmp.Mib.Modules;

/// <summary>What the engine tells of itself: SNMP-FRAMEWORK-MIB (RFC 3411), SNMP-MPD-MIB (RFC 3412), the statistics of SNMP-USER-BASED-SM-MIB (RFC 3414).</summary>
internal static class EngineMibs
{
    private static readonly Oid s_modules = new(1, 3, 6, 1, 6, 3);

    /// <summary>SNMP-FRAMEWORK-MIB.</summary>
    public static MibModule Framework(MibFacts facts)
    {
        Oid engine = s_modules.Append(10, 2, 1);
        return new MibModule("SNMP-FRAMEWORK-MIB", s_modules.Append(10), "The SNMP engine",
        [
            new MibScalar(engine.Append(1), "snmpEngineID", MibSyntax.Of("SNMP-FRAMEWORK-MIB", "SnmpEngineID", SnmpType.OctetString), () => SnmpValue.OctetString(facts.Engine.EngineId.ToArray())),
            new MibScalar(engine.Append(2), "snmpEngineBoots", MibSyntax.Integer32.Range(1, int.MaxValue), () => SnmpValue.Integer(facts.Engine.EngineBoots)),
            new MibScalar(engine.Append(3), "snmpEngineTime", MibSyntax.Integer32.Range(0, int.MaxValue), () => SnmpValue.Integer(facts.Engine.EngineTime)),
            new MibScalar(engine.Append(4), "snmpEngineMaxMessageSize", MibSyntax.Integer32.Range(484, int.MaxValue), () => SnmpValue.Integer(facts.Engine.MaxMessageSize)),
        ]);
    }

    /// <summary>SNMP-MPD-MIB, with the counters of contexts of SNMP-TARGET-MIB.</summary>
    public static MibModule Dispatching(MibFacts facts) => new("SNMP-MPD-MIB", s_modules.Append(11), "Message processing and dispatching",
    [
        .. new[]
        {
            SnmpCounter.SnmpUnknownSecurityModels, SnmpCounter.SnmpInvalidMsgs, SnmpCounter.SnmpUnknownPDUHandlers, SnmpCounter.SnmpUnavailableContexts, SnmpCounter.SnmpUnknownContexts,
        }.Select(c => Counter(facts, c)),
    ]);

    /// <summary>SNMP-USER-BASED-SM-MIB: statistics and users.</summary>
    public static MibModule UserBased(MibFacts facts) => new("SNMP-USER-BASED-SM-MIB", s_modules.Append(15), "The user-based security model",
    [
        .. Enum.GetValues<SnmpCounter>().Where(c => c >= SnmpCounter.UsmStatsUnsupportedSecLevels).Select(c => Counter(facts, c)),
        SecurityMibs.Users(facts),
    ]);

    /// <summary>A counter of the engine, under its name of the standard.</summary>
    public static MibScalar Counter(MibFacts facts, SnmpCounter counter)
    {
        string name = counter.ToString();
        Oid instance = SnmpCounters.NameOf(counter);
        return new MibScalar(new Oid([.. instance.Ids[..^1]]), char.ToLowerInvariant(name[0]) + name[1..], MibSyntax.Counter32, () => SnmpValue.Counter32(facts.Engine.Counters[counter]));
    }
}
