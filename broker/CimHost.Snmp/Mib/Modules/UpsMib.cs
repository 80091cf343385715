using CimHost.Sdk.Cim;
using CimHost.Snmp.Mib.Definition;
using CimHost.Snmp.Mib.Model;

namespace CimHost.Snmp.Mib.Modules;

/// <summary>
/// UPS-MIB (RFC 1628), read only: what the first UPS of the host tells; the MIB has room for one. Without a UPS there is nothing, and
/// what the UPS does not tell has no instance.
/// </summary>
internal static class UpsMib
{
    private const string UpsClass = "CimHost_UninterruptiblePowerSupply";
    private const uint CommunicationsLost = 20;
    private const string PowerMeasure = "output.power";
    private const int Watts = 7;
    private static readonly Oid s_module = new(1, 3, 6, 1, 2, 1, 33);
    private static readonly Oid s_objects = s_module.Append(1);
    private static readonly MibSyntax s_text = MibSyntax.DisplayString.Size(0, 63);

    // upsWellKnownAlarms by the flag that raises them.
    private static readonly (string Flag, uint Alarm)[] s_alarms =
    [
        ("NeedReplacement", 1), ("Discharging", 2), ("BelowRemainingCapacityLimit", 3), ("FullyDischarged", 4), ("OverTemperature", 5), ("VoltageOutOfRange", 6),
        ("Overload", 8), ("InternalFailure", 18), ("CommunicationLost", CommunicationsLost), ("AwaitingPower", 21), ("ShutdownRequested", 22), ("ShutdownImminent", 23),
    ];

    /// <summary>The module.</summary>
    public static MibModule Module(MibFacts facts) => new("UPS-MIB", s_module, "The uninterruptible power supply",
    [
        Scalar("upsIdentManufacturer", MibSyntax.DisplayString.Size(0, 31), u => Told(u, "Manufacturer", 31), 1, 1),
        Scalar("upsIdentModel", s_text, u => Told(u, "Model", 63), 1, 2),
        Scalar("upsIdentUPSSoftwareVersion", s_text, u => Told(u, "FirmwareVersion", 63), 1, 3),
        Scalar("upsIdentAgentSoftwareVersion", s_text, _ => Values.Ascii("CimHost " + facts.Options.Version, 63), 1, 4),
        Scalar("upsIdentName", s_text, u => Values.Ascii(u.Name, 63), 1, 5),
        Scalar("upsBatteryStatus", MibSyntax.Enumeration(("unknown", 1), ("batteryNormal", 2), ("batteryLow", 3), ("batteryDepleted", 4)), u => SnmpValue.Integer(Battery(u)), 2, 1),
        Scalar("upsSecondsOnBattery", MibSyntax.IndexOrZero, u => u.IsRead && !Has(u, "Discharging") ? SnmpValue.Integer(0) : Values.Integer(Current(u, "TimeOnBackup")), 2, 2),
        Scalar("upsEstimatedMinutesRemaining", MibSyntax.Index, u => Current(u, "EstimatedRunTime") is > 0 and { } minutes ? Values.Integer(minutes) : null, 2, 3),
        Scalar("upsEstimatedChargeRemaining", MibSyntax.Integer32.Range(0, 100), u => Values.Integer(Current(u, "EstimatedChargeRemaining")), 2, 4),
        Measure("upsBatteryVoltage", "battery.voltage", 1, 2, 5),
        Measure("upsBatteryCurrent", "battery.current", 1, 2, 6),
        Measure("upsBatteryTemperature", "battery.temperature", 0, 2, 7),
        Lines(3, 3, "upsInput", "input", [(2, "Frequency", "input.frequency", 1), (3, "Voltage", "input.voltage", 0), (4, "Current", "input.current", 1)]),
        Scalar("upsInputNumLines", MibSyntax.IndexOrZero, _ => SnmpValue.Integer(1), 3, 2),
        Scalar("upsOutputSource", MibSyntax.Enumeration(("other", 1), ("none", 2), ("normal", 3), ("bypass", 4), ("battery", 5), ("booster", 6), ("reducer", 7)), u => Values.Integer(Source(u)), 4, 1),
        Measure("upsOutputFrequency", "output.frequency", 1, 4, 2),
        Scalar("upsOutputNumLines", MibSyntax.IndexOrZero, _ => SnmpValue.Integer(1), 4, 3),
        Lines(4, 4, "upsOutput", "output", [(2, "Voltage", "output.voltage", 0), (3, "Current", "output.current", 1), (4, "Power", PowerMeasure, 0), (5, "PercentLoad", "output.load", 0)]),
        new MibScalar(s_objects.Append(6, 1), "upsAlarmsPresent", MibSyntax.Gauge32, m => Ups(m) is { } ups ? SnmpValue.Gauge32((uint)Alarms(ups).Count()) : null),
        new MibTable<uint>(s_objects.Append(6, 2), "upsAlarmTable", ["upsAlarmId"], m => Ups(m) is { } ups ? Alarms(ups) : [], a => [a])
            .IndexColumn(1, "upsAlarmId", MibSyntax.Index)
            .Column(2, "upsAlarmDescr", MibSyntax.AutonomousType, a => SnmpValue.ObjectIdentifier(s_objects.Append(6, 3, a))),
    ]);

    // The row of an alarm is numbered as the alarm itself, so that it stays the same while it is there.
    private static IEnumerable<uint> Alarms(EntityView ups) => ups.IsRead ? s_alarms.Where(a => Has(ups, a.Flag)).Select(a => a.Alarm) : [CommunicationsLost];

    private static EntityView? Ups(MachineView machine) => machine.Entities.FirstOrDefault(e => e.Device?.ClassName == UpsClass);

    private static long? Current(EntityView ups, string property) => ups.IsRead ? ups.Device!.Number(property) : null;

    private static bool Has(EntityView ups, string flag) =>
        ups.IsRead && ups.Device!.TryGetValue("ActiveFlags", out CimValue flags) && flags.AsArray<string>() is { } names
        && names.Any(n => string.Equals(n.Replace(" ", string.Empty, StringComparison.Ordinal), flag, StringComparison.OrdinalIgnoreCase));

    private static int Battery(EntityView ups) => !ups.IsRead ? 1
        : Has(ups, "FullyDischarged") ? 4
        : Has(ups, "BelowRemainingCapacityLimit") ? 3
        : ups.Device!.Number("EstimatedChargeRemaining") is null ? 1 : 2;

    // Not told while the UPS cannot be read: of the values of the MIB none means that.
    private static long? Source(EntityView ups) => !ups.IsRead ? null
        : Has(ups, "Discharging") ? 5
        : Has(ups, "Bypass") ? 4
        : Has(ups, "Boost") ? 6
        : Has(ups, "Buck") ? 7
        : Has(ups, "AcPresent") ? 3 : 1;

    private static SnmpValue? Told(EntityView ups, string property, int octets) => ups.Device!.Text(property) is { } text ? Values.Ascii(text, octets) : null;

    private static MibScalar Scalar(string name, MibSyntax syntax, Func<EntityView, SnmpValue?> value, params uint[] number) =>
        new(s_objects.Append(number), name, syntax, m => Ups(m) is { } ups ? value(ups) : null);

    private static MibScalar Measure(string name, string measure, int decimals, params uint[] number) =>
        new(s_objects.Append(number), name, MibSyntax.Integer32, m => Ups(m) is { } ups ? Value(m, ups, measure, decimals) : null);

    private static MibTable<(MachineView Machine, EntityView Ups)> Lines(uint group, uint number, string name, string line, (uint Number, string Name, string Measure, int Decimals)[] columns)
    {
        MibTable<(MachineView Machine, EntityView Ups)> table = new MibTable<(MachineView Machine, EntityView Ups)>(
            s_objects.Append(group, number), name + "Table", [name + "LineIndex"], m => Ups(m) is { } ups ? [(m, ups)] : [], _ => [1])
            .IndexColumn(1, name + "LineIndex", MibSyntax.Index, line);
        foreach ((uint column, string columnName, string measure, int decimals) in columns)
        {
            table.Column(column, name + columnName, MibSyntax.IndexOrZero, r => Value(r.Machine, r.Ups, measure, decimals));
        }

        return table;
    }

    // A measure of the UPS in units of 10^-decimals.
    private static SnmpValue? Value(MachineView machine, EntityView ups, string measure, int decimals) =>
        machine.Sensors.FirstOrDefault(s => Measures(s.Instance, measure) && s.Instance.Text("PowerDeviceID") == ups.Device!.Text("DeviceID")) is { Reading: { } reading } sensor
            ? Values.Integer((long)Math.Round(reading * Math.Pow(10, sensor.Exponent + decimals)))
            : null;

    // Power is in watts here: UPSs that are read through NUT have it beside that in volt-amperes, under the name that others have for watts.
    private static bool Measures(CimInstance sensor, string measure) => sensor.Text("Measure") is { } name
        && (name == measure || (measure == PowerMeasure && name == "output.realpower"))
        && (measure != PowerMeasure || sensor.Number("BaseUnits") == Watts);
}
