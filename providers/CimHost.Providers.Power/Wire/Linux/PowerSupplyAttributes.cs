using CimHost.Providers.Power.Model;
using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Power.Wire.Linux;

/// <summary>
/// The attributes of a device of the kernel's power_supply class as a reading (Documentation/ABI/testing/sysfs-class-power: µV, µA, µW,
/// µWh, µAh, tenths of a degree Celsius, seconds, percent).
/// </summary>
internal sealed class PowerSupplyAttributes
{
    private const double Micro = 1e-6;

    private static readonly (string Attribute, string Name, PowerQuantity Quantity, double Factor)[] s_battery =
    [
        ("capacity", Measurement.BatteryCharge, PowerQuantity.Charge, 1),
        ("voltage_now", "battery.voltage", PowerQuantity.Voltage, Micro),
        ("current_now", "battery.current", PowerQuantity.Current, Micro),
        ("power_now", "battery.power", PowerQuantity.ActivePower, Micro),
        ("temp", "battery.temperature", PowerQuantity.Temperature, 0.1),
        ("time_to_empty_now", Measurement.BatteryRunTime, PowerQuantity.Duration, 1),
    ];

    private static readonly (string Attribute, string Name, PowerQuantity Quantity, double Factor)[] s_adapter =
    [
        ("voltage_now", "output.voltage", PowerQuantity.Voltage, Micro),
        ("current_now", "output.current", PowerQuantity.Current, Micro),
        ("power_now", "output.power", PowerQuantity.ActivePower, Micro),
        ("temp", "temperature", PowerQuantity.Temperature, 0.1),
    ];

    private readonly IReadOnlyDictionary<string, Attribute> _values;
    private readonly PowerDeviceKind _kind;

    private PowerSupplyAttributes(PowerDeviceKind kind, IReadOnlyDictionary<string, Attribute> values) => (_kind, _values) = (kind, values);

    /// <summary>What came of reading an attribute.</summary>
    /// <param name="State">Ok: there is content.</param>
    /// <param name="Content">The content; empty without one.</param>
    /// <param name="Reason">Why there is none; null when there is.</param>
    internal readonly record struct Attribute(ReadingState State, byte[] Content, string? Reason);

    /// <summary>Names of the attributes that are of use to a kind of device.</summary>
    public static IEnumerable<string> Wanted(PowerDeviceKind kind) =>
    [
        "status", "present", "online", "health", "capacity_level", "manufacturer", "model_name", "serial_number", "technology", "cycle_count",
        "voltage_min_design", "energy_full_design", "energy_full", "energy_now", "charge_full_design", "charge_full", "charge_now", "time_to_full_now",
        .. Measures(kind).Select(m => m.Attribute),
    ];

    /// <summary>Kind of device that the attribute "type" names; null for one that is none of this package's.</summary>
    public static PowerDeviceKind? KindOf(string? type) => type switch
    {
        "Battery" => PowerDeviceKind.Battery,
        "UPS" => PowerDeviceKind.Ups,
        "Mains" or "Wireless" => PowerDeviceKind.Adapter,
        { } other when other.StartsWith("USB", StringComparison.Ordinal) => PowerDeviceKind.Adapter,
        _ => null,
    };

    /// <summary>Makes a reading of attributes; those that are not in the table do not exist.</summary>
    public static PowerReading Decode(PowerDeviceKind kind, IReadOnlyDictionary<string, Attribute> values, DateTimeOffset time)
    {
        var attributes = new PowerSupplyAttributes(kind, values);
        Attribute failed = values.Values.FirstOrDefault(v => v.State != ReadingState.Ok);
        bool any = values.Values.Any(v => v.State == ReadingState.Ok);
        (PowerFlags known, PowerFlags raised) = attributes.Flags();
        return new PowerReading
        {
            State = any ? ReadingState.Ok : values.Count == 0 ? ReadingState.Absent : failed.State,
            Reason = any ? null : failed.Reason ?? "the device has no attributes any more",
            Time = time,
            Manufacturer = attributes.Text("manufacturer"),
            Model = attributes.Text("model_name"),
            SerialNumber = attributes.Text("serial_number"),
            Known = known,
            Raised = raised,
            Measurements = attributes.Measurements(),
            Battery = attributes.Battery(),
        };
    }

    private static (string Attribute, string Name, PowerQuantity Quantity, double Factor)[] Measures(PowerDeviceKind kind) =>
        kind == PowerDeviceKind.Adapter ? s_adapter : s_battery;

    private List<Measurement> Measurements()
    {
        var measurements = new List<Measurement>();
        foreach ((string attribute, string name, PowerQuantity quantity, double factor) in Measures(_kind))
        {
            if (_values.TryGetValue(attribute, out Attribute value))
            {
                var measurement = new Measurement(name, quantity);
                measurements.Add(value.State != ReadingState.Ok ? measurement.Without(value.State, value.Reason!)
                    : SysfsNumber.TryRead(value.Content, out long number) ? measurement.With(number * factor)
                    : measurement.Without(ReadingState.Unavailable, $"{attribute} holds no integer"));
            }
        }

        return [.. measurements.OrderBy(m => m.Name, StringComparer.Ordinal)];
    }

    private (PowerFlags Known, PowerFlags Raised) Flags()
    {
        PowerFlags known = PowerFlags.None;
        PowerFlags raised = PowerFlags.None;
        void Tell(PowerFlags flag, bool? value)
        {
            known |= value is null ? PowerFlags.None : flag;
            raised |= value == true ? flag : PowerFlags.None;
        }

        string? status = Text("status");
        bool told = status is "Charging" or "Discharging" or "Not charging" or "Full";
        Tell(PowerFlags.Charging, told ? status == "Charging" : null);
        Tell(PowerFlags.Discharging, told ? status == "Discharging" : null);
        Tell(PowerFlags.FullyCharged, told ? status == "Full" : null);
        string? level = Text("capacity_level");
        Tell(PowerFlags.BelowRemainingCapacityLimit, level is null or "Unknown" ? null : level is "Critical" or "Low");
        string? health = Text("health");
        bool healthy = health is not null and not "Unknown";
        Tell(PowerFlags.NeedReplacement, healthy ? health == "Dead" : null);
        Tell(PowerFlags.OverTemperature, healthy ? health is "Overheat" or "Hot" : null);
        Tell(PowerFlags.InternalFailure, healthy ? health is "Unspecified failure" or "Watchdog timer expire" or "Safety timer expire" : null);
        Tell(PowerFlags.BatteryPresent, _kind == PowerDeviceKind.Adapter ? null : Number("present") is { } present ? present != 0 : null);
        Tell(PowerFlags.AcPresent, _kind == PowerDeviceKind.Battery ? null : Number("online") is { } online ? online != 0 : null);
        return (known, raised);
    }

    private BatteryFacts Battery()
    {
        double? volts = Number("voltage_min_design") is > 0 and { } microvolts ? microvolts * Micro : null;
        return new BatteryFacts
        {
            DesignVoltage = volts,
            DesignCapacity = Energy("full_design", volts),
            FullChargeCapacity = Energy("full", volts),
            RemainingCapacity = Energy("now", volts),
            TimeToFull = Number("time_to_full_now"),
            CycleCount = Number("cycle_count") is > 0 and { } cycles ? cycles : null,
            Chemistry = Text("technology") is { } technology and not "Unknown" ? technology : null,
        };
    }

    // µWh where the driver tells energy, else µAh times the design voltage, both to mWh.
    private double? Energy(string which, double? volts) => Number("energy_" + which) is >= 0 and { } energy ? energy / 1000.0
        : Number("charge_" + which) is >= 0 and { } charge && volts is { } v ? charge / 1000.0 * v
        : null;

    private long? Number(string name) => _values.TryGetValue(name, out Attribute value) && value.State == ReadingState.Ok && SysfsNumber.TryRead(value.Content, out long number) ? number : null;

    private string? Text(string name) => _values.TryGetValue(name, out Attribute value) && value.State == ReadingState.Ok ? SysfsNumber.ReadText(value.Content) : null;
}
