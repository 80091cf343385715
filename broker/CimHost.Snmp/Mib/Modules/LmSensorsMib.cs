using CimHost.Snmp.Mib.Definition;
using CimHost.Snmp.Mib.Model;

namespace CimHost.Snmp.Mib.Modules;

/// <summary>LM-SENSORS-MIB of net-snmp: temperatures and voltages in thousandths, fans in RPM, the rest in thousandths. Only what has a reading, as that MIB cannot say that there is none.</summary>
internal static class LmSensorsMib
{
    private static readonly Oid s_tables = new(1, 3, 6, 1, 4, 1, 2021, 13, 16);

    /// <summary>The module.</summary>
    public static MibModule Module() => new("LM-SENSORS-MIB", s_tables, "Readings of sensors, as net-snmp shows them",
    [
        Table(2, "lmTempSensors", 3, s => s.Type == SensorScale.Celsius),
        Table(3, "lmFanSensors", 0, s => s.Type == SensorScale.Rpm),
        Table(4, "lmVoltSensors", 3, s => s.Type is SensorScale.VoltsAC or SensorScale.VoltsDC),
        Table(5, "lmMiscSensors", 3, s => s.Type is SensorScale.Amperes or SensorScale.Watts or SensorScale.Hertz or SensorScale.PercentRH),
    ]);

    private static MibTable<(SensorView Sensor, uint Value)> Table(uint number, string name, int decimals, Func<SensorScale, bool> isOfKind) =>
        new MibTable<(SensorView Sensor, uint Value)>(s_tables.Append(number), name + "Table", [name + "Index"], m => Rows(m, decimals, isOfKind), r => [(uint)r.Sensor.Index])
            .Column(1, name + "Index", MibSyntax.Integer32.Range(0, 65535), r => SnmpValue.Integer(r.Sensor.Index))
            .Column(2, name + "Device", MibSyntax.DisplayString, r => Values.Ascii(r.Sensor.Name))
            .Column(3, name + "Value", MibSyntax.Gauge32, r => SnmpValue.Gauge32(r.Value));

    // The value is a Gauge32: what is below zero cannot be told, and 65,535 is the last row.
    private static IEnumerable<(SensorView Sensor, uint Value)> Rows(MachineView machine, int decimals, Func<SensorScale, bool> isOfKind)
    {
        foreach (SensorView sensor in machine.Sensors.Where(s => s.IsNumeric && s.Index <= 65535))
        {
            SensorScale scale = SensorScale.Of(sensor);
            if (scale.Value is { } value && isOfKind(scale))
            {
                double number = Math.Round(value * Math.Pow(10, ((scale.Scale - 9) * 3) - scale.Precision + decimals));
                if (number is >= 0 and <= uint.MaxValue)
                {
                    yield return (sensor, (uint)number);
                }
            }
        }
    }
}
