using CimHost.Providers.Power.Model;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Power.Providers;

/// <summary>A measurement as the properties of CIM_NumericSensor.</summary>
internal static class SensorProperties
{
    // Indexes of SupportedThresholds in CIM_NumericSensor.
    private const ushort LowerNonCritical = 0;
    private const ushort UpperNonCritical = 1;
    private const ushort LowerCritical = 2;

    /// <summary>Sets what is known without reading.</summary>
    public static void SetKind(CimInstance instance, Measurement measurement)
    {
        // What the device gives out is production, what it takes is consumption: 14 and 13.
        bool output = measurement.Name.StartsWith("output.", StringComparison.Ordinal) || measurement.Name.StartsWith("outlet.", StringComparison.Ordinal);
        instance["SensorType"] = measurement.Quantity == PowerQuantity.ActivePower && output ? (ushort)14 : measurement.Quantity.SensorType;
        instance["OtherSensorTypeDescription"] = measurement.Quantity.SensorType == 1 ? measurement.Quantity.Noun : null;
        instance["BaseUnits"] = measurement.Quantity.BaseUnits;
        instance["RateUnits"] = (ushort)0;
    }

    /// <summary>Sets value, scale, limits and state.</summary>
    public static void SetReading(CimInstance instance, Measurement measurement, DateTimeOffset time)
    {
        double? value = measurement.State == ReadingState.Ok ? measurement.Value : null;
        int modifier = ModifierOf(measurement, value);
        instance["UnitModifier"] = modifier;
        instance["CurrentReading"] = Scale(value, modifier);
        instance["NominalReading"] = Scale(measurement.Nominal, modifier);
        instance["LowerThresholdNonCritical"] = Scale(measurement.LowerNonCritical, modifier);
        instance["UpperThresholdNonCritical"] = Scale(measurement.UpperNonCritical, modifier);
        instance["LowerThresholdCritical"] = Scale(measurement.LowerCritical, modifier);
        ushort[] thresholds = [.. Thresholds(measurement)];
        instance["SupportedThresholds"] = thresholds;
        instance["EnabledThresholds"] = thresholds;
        instance["SettableThresholds"] = Array.Empty<ushort>();
        instance["EnabledState"] = (ushort)2;
        (string state, ushort health, ushort status) = Condition(measurement, value);
        instance["PossibleStates"] = new[] { "Unknown", "Normal", "Lower Non-Critical", "Upper Non-Critical", "Lower Critical" };
        instance["CurrentState"] = state;
        instance["HealthState"] = health;
        instance["OperationalStatus"] = new[] { status };
        instance["StatusDescriptions"] = new[] { measurement.Reason ?? state };
        DeviceProperties.SetReadingState(instance, measurement.State, time, measurement.Reason);
    }

    private static IEnumerable<ushort> Thresholds(Measurement measurement)
    {
        if (measurement.LowerNonCritical is not null)
        {
            yield return LowerNonCritical;
        }

        if (measurement.UpperNonCritical is not null)
        {
            yield return UpperNonCritical;
        }

        if (measurement.LowerCritical is not null)
        {
            yield return LowerCritical;
        }
    }

    private static (string State, ushort Health, ushort Status) Condition(Measurement measurement, double? value) => value is not { } v ? ("Unknown", (ushort)0, (ushort)0)
        : v < measurement.LowerCritical ? ("Lower Critical", (ushort)25, (ushort)6)
        : v < measurement.LowerNonCritical ? ("Lower Non-Critical", (ushort)10, (ushort)3)
        : v > measurement.UpperNonCritical ? ("Upper Non-Critical", (ushort)10, (ushort)3)
        : ("Normal", (ushort)5, (ushort)2);

    // One power of ten for the reading and all its limits; a thousand times more where they outgrow 32 bits.
    private static int ModifierOf(Measurement measurement, double? value)
    {
        double largest = new[] { value, measurement.Nominal, measurement.LowerNonCritical, measurement.UpperNonCritical, measurement.LowerCritical }.Max(v => Math.Abs(v ?? 0));
        int modifier = measurement.Quantity.UnitModifier;
        while (largest / Math.Pow(10, modifier) >= int.MaxValue)
        {
            modifier += 3;
        }

        return modifier;
    }

    private static int? Scale(double? value, int modifier) => value is { } v ? (int)Math.Round(v / Math.Pow(10, modifier), MidpointRounding.AwayFromZero) : null;
}
