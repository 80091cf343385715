using CimHost.Providers.Power.Model;
using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Power.Providers;

/// <summary>The enumerations of CIM_Battery.</summary>
internal static class BatteryStates
{
    private const ushort Other = 1;
    private const ushort Unknown = 2;
    private const ushort FullyCharged = 3;
    private const ushort Low = 4;
    private const ushort Critical = 5;
    private const ushort Charging6 = 6;
    private const ushort ChargingLow = 8;
    private const ushort PartiallyCharged = 11;
    private const ushort Learning = 12;
    private const ushort Overcharged = 13;

    private static readonly Dictionary<string, ushort> s_chemistries = new(StringComparer.OrdinalIgnoreCase)
    {
        ["PbAc"] = 3, ["Pb"] = 3, ["Lead"] = 3, ["LeadAcid"] = 3, ["Lead-Acid"] = 3, ["PbAcid"] = 3, ["VRLA"] = 3, ["SLA"] = 3,
        ["NiCd"] = 4, ["NiMH"] = 5, ["Li-ion"] = 6, ["LION"] = 6, ["Lion"] = 6, ["Li"] = 6, ["ZnAr"] = 7, ["Li-poly"] = 8, ["LiP"] = 8,
    };

    /// <summary>CIM_Battery.BatteryStatus.</summary>
    public static ushort Status(PowerReading reading)
    {
        if (reading.State != ReadingState.Ok || reading.Is(PowerFlags.BatteryPresent) == false)
        {
            return Unknown;
        }

        bool low = reading.Is(PowerFlags.BelowRemainingCapacityLimit) == true;
        return reading.Is(PowerFlags.Calibrating) == true ? Learning
            : reading.Is(PowerFlags.OverCharged) == true ? Overcharged
            : reading.Is(PowerFlags.FullyDischarged) == true ? Critical
            : reading.Is(PowerFlags.FullyCharged) == true ? FullyCharged
            : reading.Is(PowerFlags.Charging) == true ? low ? ChargingLow : Charging6
            : low ? Low
            : reading.Value(Measurement.BatteryCharge) is { } charge ? charge >= 100 ? FullyCharged : PartiallyCharged
            : Unknown;
    }

    /// <summary>CIM_Battery.ChargingStatus: 0 unknown, 2 charging, 3 discharging, 4 idle.</summary>
    public static ushort Charging(PowerReading reading)
    {
        bool? charging = reading.Is(PowerFlags.Charging);
        bool? discharging = reading.Is(PowerFlags.Discharging);
        return discharging == true ? (ushort)3
            : charging == true ? (ushort)2
            : charging == false && discharging == false ? (ushort)4
            : (ushort)0;
    }

    /// <summary>CIM_Battery.Chemistry, and the text for what it can only call Other.</summary>
    public static (ushort Chemistry, string? Text) Chemistry(string? name) => name is null ? (Unknown, null)
        : s_chemistries.TryGetValue(name, out ushort chemistry) ? (chemistry, null)
        : (Other, name);
}
