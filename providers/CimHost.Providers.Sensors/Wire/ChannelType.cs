namespace CimHost.Providers.Sensors.Wire;

/// <summary>
/// A kind of hwmon channel and how CIM names what it measures. Units are those of the kernel (hwmon sysfs-interface): millivolt, milliampere,
/// millidegree Celsius, per mille of a percent of humidity, microwatt, microjoule, revolutions per minute.
/// </summary>
internal sealed record ChannelType
{
    /// <summary>Prefix of its attributes: "temp".</summary>
    public required string Prefix { get; init; }

    /// <summary>What it is, for people.</summary>
    public required string Noun { get; init; }

    /// <summary>CIM_Sensor.SensorType.</summary>
    public required ushort SensorType { get; init; }

    /// <summary>CIM_NumericSensor.BaseUnits.</summary>
    public ushort BaseUnits { get; init; }

    /// <summary>Power of ten between the kernel's unit and the base unit.</summary>
    public int UnitModifier { get; init; }

    /// <summary>True when real values outgrow 32 bits in the kernel's unit, so that the modifier follows the value.</summary>
    public bool Scales { get; init; }

    /// <summary>Attributes that hold the value, the preferred one first; none for a kind without a value.</summary>
    public string[] Values { get; init; } = [];

    /// <summary>Attributes of thresholds, the preferred one of a level first.</summary>
    public (string Attribute, ThresholdLevel Level)[] Thresholds { get; init; } = [];

    public static ChannelType Temperature { get; } = new()
    {
        Prefix = "temp",
        Noun = "temperature",
        SensorType = 2,
        BaseUnits = 2,
        UnitModifier = -3,
        Values = ["input"],
        Thresholds = [.. Common(), ("emergency", ThresholdLevel.UpperFatal)],
    };

    public static ChannelType Voltage { get; } = new() { Prefix = "in", Noun = "voltage", SensorType = 3, BaseUnits = 5, UnitModifier = -3, Values = ["input", "average"], Thresholds = Common() };

    public static ChannelType Current { get; } = new() { Prefix = "curr", Noun = "current", SensorType = 4, BaseUnits = 6, UnitModifier = -3, Values = ["input", "average"], Thresholds = Common() };

    public static ChannelType Power { get; } = new()
    {
        Prefix = "power",
        Noun = "power",
        SensorType = 13,
        BaseUnits = 7,
        UnitModifier = -6,
        Scales = true,
        Values = ["input", "average"],
        Thresholds = [.. Common(), ("average_min", ThresholdLevel.LowerNonCritical), ("average_max", ThresholdLevel.UpperNonCritical)],
    };

    public static ChannelType Energy { get; } = new() { Prefix = "energy", Noun = "energy", SensorType = 1, BaseUnits = 8, UnitModifier = -6, Scales = true, Values = ["input"] };

    public static ChannelType Humidity { get; } = new() { Prefix = "humidity", Noun = "humidity", SensorType = 9, BaseUnits = 65, UnitModifier = -3, Values = ["input"], Thresholds = Common() };

    public static ChannelType Fan { get; } = new() { Prefix = "fan", Noun = "fan speed", SensorType = 5, BaseUnits = 19, Values = ["input"], Thresholds = Common() };

    public static ChannelType Pwm { get; } = new() { Prefix = "pwm", Noun = "fan control", SensorType = 1 };

    public static ChannelType Intrusion { get; } = new() { Prefix = "intrusion", Noun = "chassis intrusion", SensorType = 16 };

    /// <summary>Every kind.</summary>
    public static IReadOnlyList<ChannelType> All { get; } = [Temperature, Voltage, Current, Power, Energy, Humidity, Fan, Pwm, Intrusion];

    /// <summary>The kind with that prefix, or null.</summary>
    public static ChannelType? Find(ReadOnlySpan<char> prefix)
    {
        foreach (ChannelType type in All)
        {
            if (prefix.SequenceEqual(type.Prefix))
            {
                return type;
            }
        }

        return null;
    }

    private static (string Attribute, ThresholdLevel Level)[] Common() =>
    [
        ("lcrit", ThresholdLevel.LowerCritical),
        ("min", ThresholdLevel.LowerNonCritical),
        ("max", ThresholdLevel.UpperNonCritical),
        ("crit", ThresholdLevel.UpperCritical),
    ];
}
