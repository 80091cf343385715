using CimHost.Snmp.Mib.Definition;
using CimHost.Snmp.Mib.Model;

namespace CimHost.Snmp.Mib.Modules;

/// <summary>ENTITY-SENSOR-MIB (RFC 3433). A sensor without a reading has no value here: no instance of the column, and not 0.</summary>
internal static class EntitySensorMib
{
    private const string Name = "ENTITY-SENSOR-MIB";
    private static readonly Oid s_module = new(1, 3, 6, 1, 2, 1, 99);

    /// <summary>The module.</summary>
    public static MibModule Module(MibFacts facts)
    {
        uint rate = (uint)Math.Min(uint.MaxValue, facts.Options.Interval.TotalMilliseconds);
        return new MibModule(Name, s_module, "Readings of sensors",
        [
            new MibTable<(SensorView Sensor, SensorScale Scale)>(
                s_module.Append(1, 1), "entPhySensorTable", ["entPhysicalIndex"], m => m.Sensors.Where(s => s.IsNumeric).Select(s => (s, SensorScale.Of(s))), r => [(uint)r.Sensor.Index])
                .Column(1, "entPhySensorType", MibSyntax.Of(Name, "EntitySensorDataType", SnmpType.Integer32), r => SnmpValue.Integer(r.Scale.Type))
                .Column(2, "entPhySensorScale", MibSyntax.Of(Name, "EntitySensorDataScale", SnmpType.Integer32), r => SnmpValue.Integer(r.Scale.Scale))
                .Column(3, "entPhySensorPrecision", MibSyntax.Of(Name, "EntitySensorPrecision", SnmpType.Integer32), r => SnmpValue.Integer(r.Scale.Precision))
                .Column(4, "entPhySensorValue", MibSyntax.Of(Name, "EntitySensorValue", SnmpType.Integer32), r => Values.Integer((long?)r.Scale.Value))
                .Column(5, "entPhySensorOperStatus", MibSyntax.Of(Name, "EntitySensorStatus", SnmpType.Integer32), r => SnmpValue.Integer(Status(r.Sensor, r.Scale)))
                .Column(6, "entPhySensorUnitsDisplay", MibSyntax.AdminString, r => Values.Text(r.Sensor.Unit))
                .Column(7, "entPhySensorValueTimeStamp", MibSyntax.TimeStamp, r => SnmpValue.TimeTicks(r.Sensor.ReadAt is { } time ? facts.UpTimeAt(time) : 0))
                .Column(8, "entPhySensorValueUpdateRate", MibSyntax.Unsigned32, _ => SnmpValue.Gauge32(rate)),
        ]);
    }

    // ok(1), unavailable(2), nonoperational(3).
    private static int Status(SensorView sensor, SensorScale scale) => scale.Value is not null ? 1 : sensor.ReadingState == "Unsupported" ? 3 : 2;
}
