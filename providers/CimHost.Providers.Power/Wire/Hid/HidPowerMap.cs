using CimHost.Providers.Power.Model;
using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Power.Wire.Hid;

/// <summary>Which fields of a device's reports are which flag, measurement or fact of a power device.</summary>
internal sealed class HidPowerMap
{
    private static readonly Dictionary<uint, PowerFlags> s_flags = new()
    {
        [HidUsage.AcPresent] = PowerFlags.AcPresent,
        [HidUsage.BatteryPresent] = PowerFlags.BatteryPresent,
        [HidUsage.Charging] = PowerFlags.Charging,
        [HidUsage.Discharging] = PowerFlags.Discharging,
        [HidUsage.FullyCharged] = PowerFlags.FullyCharged,
        [HidUsage.FullyDischarged] = PowerFlags.FullyDischarged,
        [HidUsage.BelowRemainingCapacityLimit] = PowerFlags.BelowRemainingCapacityLimit,
        [HidUsage.RemainingTimeLimitExpired] = PowerFlags.RemainingTimeLimitExpired,
        [HidUsage.ShutdownRequested] = PowerFlags.ShutdownRequested,
        [HidUsage.ShutdownImminent] = PowerFlags.ShutdownImminent,
        [HidUsage.NeedReplacement] = PowerFlags.NeedReplacement,
        [HidUsage.Overload] = PowerFlags.Overload,
        [HidUsage.OverTemperature] = PowerFlags.OverTemperature,
        [HidUsage.OverCharged] = PowerFlags.OverCharged,
        [HidUsage.InternalFailure] = PowerFlags.InternalFailure,
        [HidUsage.VoltageOutOfRange] = PowerFlags.VoltageOutOfRange,
        [HidUsage.BatteryVoltageOutOfRange] = PowerFlags.VoltageOutOfRange,
        [HidUsage.FrequencyOutOfRange] = PowerFlags.FrequencyOutOfRange,
        [HidUsage.CommunicationLost] = PowerFlags.CommunicationLost,
        [HidUsage.Boost] = PowerFlags.Boost,
        [HidUsage.Buck] = PowerFlags.Buck,
        [HidUsage.AwaitingPower] = PowerFlags.AwaitingPower,
    };

    private static readonly Dictionary<uint, (string Name, PowerQuantity Quantity)> s_measures = new()
    {
        [HidUsage.Voltage] = ("voltage", PowerQuantity.Voltage),
        [HidUsage.Current] = ("current", PowerQuantity.Current),
        [HidUsage.Frequency] = ("frequency", PowerQuantity.Frequency),
        [HidUsage.ApparentPower] = ("apparentpower", PowerQuantity.ApparentPower),
        [HidUsage.ActivePower] = ("power", PowerQuantity.ActivePower),
        [HidUsage.PercentLoad] = ("load", PowerQuantity.Load),
        [HidUsage.Temperature] = ("temperature", PowerQuantity.Temperature),
        [HidUsage.Humidity] = ("humidity", PowerQuantity.Humidity),
        [HidUsage.RunTimeToEmpty] = (Measurement.BatteryRunTime, PowerQuantity.Duration),
    };

    private static readonly HashSet<uint> s_facts =
    [
        HidUsage.ConfigVoltage, HidUsage.ConfigCurrent, HidUsage.ConfigFrequency, HidUsage.ConfigApparentPower, HidUsage.ConfigActivePower,
        HidUsage.LowVoltageTransfer, HidUsage.HighVoltageTransfer, HidUsage.RemainingCapacityLimit, HidUsage.WarningCapacityLimit,
        HidUsage.CapacityMode, HidUsage.RemainingCapacity, HidUsage.RelativeStateOfCharge, HidUsage.AbsoluteStateOfCharge,
        HidUsage.FullChargeCapacity, HidUsage.DesignCapacity, HidUsage.AverageTimeToFull, HidUsage.CycleCount,
    ];

    private HidPowerMap(HidReportDescriptor descriptor)
    {
        Descriptor = descriptor;
        var seen = new HashSet<(HidReportType, string)>();
        foreach (HidField field in descriptor.Fields)
        {
            Place place = PlaceOf(field);
            if (s_flags.TryGetValue(field.Usage, out PowerFlags flag))
            {
                Flags.Add((field, flag));
            }
            else if (field.Usage == HidUsage.PowerFail)
            {
                PowerFail.Add(field);
            }
            else if (s_measures.TryGetValue(field.Usage, out (string Name, PowerQuantity Quantity) measure))
            {
                // One of several alike (phases, outlets) is told: the first of the descriptor.
                string name = NameOf(measure.Name, place, measure.Quantity);
                if (seen.Add((field.ReportType, name)))
                {
                    Measures.Add((field, name, measure.Quantity));
                }
            }
            else if (s_facts.Contains(field.Usage))
            {
                Facts.Add((field, field.Usage, place));
            }
            else if (field.Selects.Any(s_flags.ContainsKey))
            {
                Selectors.Add(field);
            }
        }
    }

    /// <summary>Where in a device a field sits.</summary>
    internal enum Place
    {
        Device,
        Input,
        Output,
        Outlet,
        Battery,
    }

    public HidReportDescriptor Descriptor { get; }

    /// <summary>Fields of one bit that are flags.</summary>
    public List<(HidField Field, PowerFlags Flag)> Flags { get; } = [];

    /// <summary>Fields of the flag PowerFail: no mains.</summary>
    public List<HidField> PowerFail { get; } = [];

    /// <summary>Array fields, whose value is the flag that is raised.</summary>
    public List<HidField> Selectors { get; } = [];

    /// <summary>Fields that are measured.</summary>
    public List<(HidField Field, string Name, PowerQuantity Quantity)> Measures { get; } = [];

    /// <summary>Fields that are settings, ratings and capacities.</summary>
    public List<(HidField Field, uint Usage, Place Place)> Facts { get; } = [];

    /// <summary>Reports with at least one field of use, feature reports first.</summary>
    public IReadOnlyList<(HidReportType Type, byte Id)> Reports =>
        [.. Fields().Select(f => (f.ReportType, f.ReportId)).Distinct().OrderByDescending(r => r.ReportType).ThenBy(r => r.ReportId)];

    /// <summary>The flag of a usage; none for another usage.</summary>
    public static PowerFlags FlagOf(uint usage) => s_flags.GetValueOrDefault(usage);

    /// <summary>
    /// The map of a power device. Null when the descriptor has no field of use on the Power Device and Battery System pages, or when the
    /// device is something else that has a battery, as a mouse.
    /// </summary>
    public static HidPowerMap? Of(HidReportDescriptor descriptor)
    {
        if (!descriptor.Applications.Any(a => a >> 16 is HidUsage.PowerPage or HidUsage.BatteryPage))
        {
            return null;
        }

        var map = new HidPowerMap(descriptor);
        return map.Reports.Count > 0 ? map : null;
    }

    private IEnumerable<HidField> Fields() =>
        [.. Flags.Select(f => f.Field), .. PowerFail, .. Selectors, .. Measures.Select(m => m.Field), .. Facts.Select(f => f.Field)];

    private static Place PlaceOf(HidField field)
    {
        for (int i = field.Collections.Count - 1; i >= 0; i--)
        {
            switch (field.Collections[i])
            {
                case HidUsage.Input:
                    return Place.Input;
                case HidUsage.Output:
                    return Place.Output;
                case HidUsage.Outlet or HidUsage.OutletSystem:
                    return Place.Outlet;
                case HidUsage.Battery or HidUsage.BatterySystem or HidUsage.Charger:
                    return Place.Battery;
                default:
                    break;
            }
        }

        return Place.Device;
    }

    // What the power summary tells of volts and amperes is the battery's (Usage Tables for HID Power Devices 1.0 §4.1.1, PowerSummary).
    private static string NameOf(string name, Place place, PowerQuantity quantity) => place switch
    {
        _ when name.StartsWith(Measurement.BatteryPrefix, StringComparison.Ordinal) => name,
        Place.Input => "input." + name,
        Place.Outlet => "outlet." + name,
        Place.Battery => Measurement.BatteryPrefix + name,
        Place.Device when quantity == PowerQuantity.Voltage || quantity == PowerQuantity.Current => Measurement.BatteryPrefix + name,
        Place.Device when quantity == PowerQuantity.Temperature || quantity == PowerQuantity.Humidity => name,
        _ => "output." + name,
    };
}
