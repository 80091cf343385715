using CimHost.Snmp.Mib.Definition;
using CimHost.Snmp.Mib.Model;

namespace CimHost.Snmp.Mib.Modules;

/// <summary>ENTITY-STATE-MIB (RFC 4268), read only.</summary>
internal static class EntityStateMib
{
    private const string Conventions = "ENTITY-STATE-TC-MIB";
    private static readonly Oid s_module = new(1, 3, 6, 1, 2, 1, 131);

    // Bits of EntityAlarmStatus, the first bit of an octet being the most significant.
    private const byte UnknownAlarm = 0x80;
    private const byte CriticalAlarm = 0x20;
    private const byte MajorAlarm = 0x10;
    private const byte MinorAlarm = 0x08;
    private const byte WarningAlarm = 0x04;

    /// <summary>The module.</summary>
    public static MibModule Module() => new("ENTITY-STATE-MIB", s_module, "States of physical entities",
    [
        new MibTable<(EntityView Entity, DateTimeOffset? Since)>(
            s_module.Append(1, 1), "entStateTable", ["entPhysicalIndex"], m => m.Entities.Select(e => (e, m.History.StateSince(e.Index))), r => [(uint)r.Entity.Index])
            .Column(1, "entStateLastChanged", MibSyntax.DateAndTime, r => Values.DateAndTime(r.Since) ?? SnmpValue.OctetString(new byte[8]))
            .Column(2, "entStateAdmin", MibSyntax.Of(Conventions, "EntityAdminState", SnmpType.Integer32), _ => SnmpValue.Integer(1))
            .Column(3, "entStateOper", MibSyntax.Of(Conventions, "EntityOperState", SnmpType.Integer32), r => SnmpValue.Integer(Operation(r.Entity)))
            .Column(4, "entStateUsage", MibSyntax.Of(Conventions, "EntityUsageState", SnmpType.Integer32), _ => SnmpValue.Integer(1))
            .Column(5, "entStateAlarm", MibSyntax.Of(Conventions, "EntityAlarmStatus", SnmpType.OctetString), r => SnmpValue.OctetString([Alarm(r.Entity)]))
            .Column(6, "entStateStandby", MibSyntax.Of(Conventions, "EntityStandbyStatus", SnmpType.Integer32), _ => SnmpValue.Integer(1)),
    ]);

    // unknown(1), disabled(2), enabled(3). What cannot be read is not disabled: it is not known.
    private static int Operation(EntityView entity) => !entity.IsRead ? 1 : entity.EnabledState switch
    {
        2 => 3,
        3 or 6 => 2,
        _ when entity.HealthState == 5 => 3,
        _ => 1,
    };

    private static byte Alarm(EntityView entity) => entity.HealthState switch
    {
        5 => 0,
        10 => WarningAlarm,
        15 => MinorAlarm,
        20 => MajorAlarm,
        25 or 30 => CriticalAlarm,
        _ => UnknownAlarm,
    };
}
