using System.Globalization;
using Xunit;

namespace CimHost.TestBed;

/// <summary>Holds what CimHost tells of sensors against what ipmitool tells of the same BMC.</summary>
public static class SensorComparison
{
    private static readonly string[] s_thresholds =
    [
        "LowerThresholdFatal", "LowerThresholdCritical", "LowerThresholdNonCritical", "UpperThresholdNonCritical", "UpperThresholdCritical", "UpperThresholdFatal",
    ];

    // BaseUnits of CIM_NumericSensor for the units that ipmitool names.
    private static readonly Dictionary<string, string> s_units = new() { ["degrees C"] = "2", ["Volts"] = "5", ["Amps"] = "6", ["Watts"] = "7", ["RPM"] = "19", ["percent"] = "65", ["CFM"] = "18" };

    // CurrentState of CimHost for the words of ipmitool.
    private static readonly Dictionary<string, string> s_states = new()
    {
        ["ok"] = "Normal", ["lnc"] = "Lower Non-Critical", ["lcr"] = "Lower Critical", ["lnr"] = "Lower Fatal", ["nc"] = "Non-Critical", ["cr"] = "Critical", ["nr"] = "Fatal",
        ["unc"] = "Upper Non-Critical", ["ucr"] = "Upper Critical", ["unr"] = "Upper Fatal",
    };

    /// <summary>Every numeric sensor of ipmitool is there, with the same reading, unit, thresholds and state, and no other is.</summary>
    public static void EqualNumeric(IReadOnlyList<IpmitoolSensor> expected, IReadOnlyList<WbemcliObject> told)
    {
        IpmitoolSensor[] numeric = [.. expected.Where(s => s.IsNumeric)];
        Assert.NotEmpty(numeric);
        Assert.Equal(numeric.Select(s => s.Name).Order(StringComparer.Ordinal), told.Select(s => s["Name"]).Order(StringComparer.Ordinal));
        foreach (IpmitoolSensor sensor in numeric)
        {
            EqualNumeric(sensor, told.Single(t => t["Name"] == sensor.Name));
        }
    }

    private static void EqualNumeric(IpmitoolSensor expected, WbemcliObject told)
    {
        Assert.True(Scaled(told, "CurrentReading") == expected.Reading, $"{expected.Name}: ipmitool reads {expected.Reading}, CimHost tells {Scaled(told, "CurrentReading")}.\n{told}");
        for (int i = 0; i < s_thresholds.Length; i++)
        {
            Assert.True(Scaled(told, s_thresholds[i]) == expected.Thresholds[i], $"{expected.Name}: {s_thresholds[i]} is {expected.Thresholds[i]} for ipmitool, {Scaled(told, s_thresholds[i])} for CimHost.");
        }

        // A sensor without a reading has no unit in ipmitool's table.
        if (s_units.TryGetValue(expected.Unit, out string? unit))
        {
            Assert.Equal(unit, told["BaseUnits"]);
        }

        Assert.Equal(expected.Reading is null ? "Unknown" : null, expected.Reading is null ? told["CurrentState"] : null);
        if (expected.Reading is not null && expected.State != "na")
        {
            Assert.EndsWith(s_states[expected.State], told["CurrentState"], StringComparison.Ordinal);
        }
    }

    // ipmitool rounds to three decimals.
    private static decimal? Scaled(WbemcliObject sensor, string property)
    {
        if (sensor.NumberOrNull(property) is not { } value)
        {
            return null;
        }

        double factor = Math.Pow(10, double.Parse(sensor["UnitModifier"]!, CultureInfo.InvariantCulture));
        return Math.Round(value * (decimal)factor, 3);
    }
}
