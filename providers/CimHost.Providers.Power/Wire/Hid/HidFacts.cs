using CimHost.Providers.Power.Model;
using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Power.Wire.Hid;

/// <summary>Settings, ratings and capacities of a HID power device.</summary>
internal sealed class HidFacts
{
    // CapacityMode (Usage Tables for HID Power Devices 1.0 §4.2.2).
    private const long MilliampereHours = 0;
    private const long MilliwattHours = 1;
    private const long Percent = 2;
    private const double AmpereSecondsPerMilliampereHour = 3.6;

    private static readonly uint[] s_chargeUsages = [HidUsage.RelativeStateOfCharge, HidUsage.AbsoluteStateOfCharge];
    private readonly HidPowerMap _map;
    private readonly TryRawValue _tryRaw;
    private readonly long? _capacityMode;
    private readonly Dictionary<string, (double? Nominal, double? Low, double? High, double? Critical)> _limits = [];

    private HidFacts(HidPowerMap map, TryRawValue tryRaw)
    {
        _map = map;
        _tryRaw = tryRaw;
        _capacityMode = Raw(HidUsage.CapacityMode);
        double? design = Value(HidUsage.ConfigVoltage, PowerQuantity.Voltage, HidPowerMap.Place.Battery) ?? Value(HidUsage.ConfigVoltage, PowerQuantity.Voltage, HidPowerMap.Place.Device);
        RatedApparentPower = Value(HidUsage.ConfigApparentPower, PowerQuantity.ApparentPower);
        RatedPower = Value(HidUsage.ConfigActivePower, PowerQuantity.ActivePower);
        _limits["input.voltage"] = (
            Value(HidUsage.ConfigVoltage, PowerQuantity.Voltage, HidPowerMap.Place.Input),
            Value(HidUsage.LowVoltageTransfer, PowerQuantity.Voltage),
            Value(HidUsage.HighVoltageTransfer, PowerQuantity.Voltage),
            null);
        _limits["output.voltage"] = (Value(HidUsage.ConfigVoltage, PowerQuantity.Voltage, HidPowerMap.Place.Output), null, null, null);
        _limits["battery.voltage"] = (design, null, null, null);
        _limits["input.frequency"] = (Value(HidUsage.ConfigFrequency, PowerQuantity.Frequency, HidPowerMap.Place.Input), null, null, null);
        _limits["output.frequency"] = (Value(HidUsage.ConfigFrequency, PowerQuantity.Frequency, HidPowerMap.Place.Output), null, null, null);
        _limits[Measurement.BatteryCharge] = (null, Capacity(HidUsage.WarningCapacityLimit).Percent, null, Capacity(HidUsage.RemainingCapacityLimit).Percent);
        double? volts = design;
        Battery = new BatteryFacts
        {
            DesignVoltage = design,
            DesignCapacity = Energy(HidUsage.DesignCapacity, volts),
            FullChargeCapacity = Energy(HidUsage.FullChargeCapacity, volts),
            RemainingCapacity = Energy(HidUsage.RemainingCapacity, volts),
            TimeToFull = Value(HidUsage.AverageTimeToFull, PowerQuantity.Duration),
            CycleCount = Raw(HidUsage.CycleCount),
        };
    }

    /// <summary>Reads a field as it stands in its report; false when the report was not read or is too short.</summary>
    public delegate bool TryRawValue(HidField field, out long raw);

    public BatteryFacts Battery { get; }

    public double? RatedPower { get; }

    public double? RatedApparentPower { get; }

    public static HidFacts Read(HidPowerMap map, TryRawValue tryRaw) => new(map, tryRaw);

    /// <summary>The measurement with the limits that the device has for it.</summary>
    public Measurement WithLimits(Measurement measurement) => _limits.TryGetValue(measurement.Name, out var limit)
        ? measurement with { Nominal = limit.Nominal, LowerNonCritical = limit.Low, UpperNonCritical = limit.High, LowerCritical = limit.Critical }
        : measurement;

    /// <summary>The charge of the battery in percent; null when the device has no field for it.</summary>
    /// <param name="explain">Says why a field has no value.</param>
    public Measurement? Charge(Func<HidField, (ReadingState State, string Reason)> explain)
    {
        var measurement = new Measurement(Measurement.BatteryCharge, PowerQuantity.Charge);
        HidField? field = Field(HidUsage.RemainingCapacity) ?? s_chargeUsages.Select(u => Field(u)).FirstOrDefault(f => f is not null);
        if (field is null)
        {
            return null;
        }

        (double? percent, double? milliampereHours, double? milliwattHours) = Capacity(HidUsage.RemainingCapacity);
        percent ??= Share(milliampereHours, u => Capacity(u).MilliampereHours) ?? Share(milliwattHours, u => Capacity(u).MilliwattHours);
        foreach (uint usage in s_chargeUsages)
        {
            percent ??= Raw(usage);
        }

        if (percent is { } value)
        {
            return measurement.With(value);
        }

        if (!_tryRaw(field, out long raw))
        {
            (ReadingState state, string reason) = explain(field);
            return measurement.Without(state, reason);
        }

        if (!HidValues.TryConvert(field, raw, PowerQuantity.Charge, out _, out string? problem))
        {
            return measurement.Without(ReadingState.Unavailable, $"the capacity {problem}");
        }

        return measurement.Without(ReadingState.Unavailable, $"the capacity {raw} cannot be told in percent: the device tells no full capacity");
    }

    private static double? Share(double? now, Func<uint, double?> capacity) =>
        now is { } value && (capacity(HidUsage.FullChargeCapacity) ?? capacity(HidUsage.DesignCapacity)) is > 0 and { } full ? 100 * value / full : null;

    // The unit tells best what a capacity is; without one the CapacityMode does, and without that it is percent, as in all UPSs that were seen.
    private (double? Percent, double? MilliampereHours, double? MilliwattHours) Capacity(uint usage)
    {
        foreach ((HidField field, _, _) in _map.Facts.Where(f => f.Usage == usage).OrderByDescending(f => f.Field.ReportType))
        {
            if (!_tryRaw(field, out long raw) || !HidValues.TryConvert(field, raw, PowerQuantity.Charge, out double value, out _))
            {
                continue;
            }

            if (field.Unit.Code == HidUnit.AmpereSecond && field.Unit.ToSi() is { } factor)
            {
                return (null, field.ToPhysical(raw) * factor / AmpereSecondsPerMilliampereHour, null);
            }

            return _capacityMode switch
            {
                MilliampereHours => (null, value, null),
                MilliwattHours => (null, null, value),
                Percent or null => (value, null, null),
                _ => default,
            };
        }

        return default;
    }

    private double? Energy(uint usage, double? volts)
    {
        (_, double? milliampereHours, double? milliwattHours) = Capacity(usage);
        return milliwattHours ?? (milliampereHours * volts);
    }

    private HidField? Field(uint usage, HidPowerMap.Place? place = null) => _map.Facts
        .Where(f => f.Usage == usage && (place is null || f.Place == place))
        .OrderByDescending(f => f.Field.ReportType)
        .Select(f => f.Field)
        .FirstOrDefault();

    private long? Raw(uint usage) => Field(usage) is { } field && _tryRaw(field, out long raw) ? raw : null;

    private double? Value(uint usage, PowerQuantity quantity, HidPowerMap.Place? place = null) =>
        Field(usage, place) is { } field && _tryRaw(field, out long raw) && HidValues.TryConvert(field, raw, quantity, out double value, out _)
        && value > 0 && value <= quantity.Most ? value : null;
}
