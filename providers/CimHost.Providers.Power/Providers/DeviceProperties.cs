using CimHost.Providers.Power.Model;
using CimHost.Providers.Power.Sources;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Power.Providers;

/// <summary>The properties that the classes of power devices share.</summary>
internal static class DeviceProperties
{
    private const int MaxCaption = 64;
    private const ushort Enabled = 2;
    private const ushort EnabledButOffline = 6;

    /// <summary>Sets names, maker and where the device is read from.</summary>
    /// <param name="instance">Instance of the device's class.</param>
    /// <param name="device">The device.</param>
    /// <param name="reading">What it told.</param>
    /// <param name="noun">What it is, for people.</param>
    public static void SetIdentity(CimInstance instance, PowerDevice device, PowerReading reading, string noun)
    {
        string name = string.Join(' ', new[] { reading.Manufacturer, WithoutMaker(reading) }.Where(t => !string.IsNullOrEmpty(t)));
        string caption = name.Length > 0 ? name : device.Id;
        instance["Name"] = device.Id;
        instance["ElementName"] = $"{noun} {caption}";
        instance["Caption"] = caption.Length <= MaxCaption ? caption : caption[..MaxCaption];
        instance["Description"] = $"{noun} {device.Id}, read from {device.Origin}";
        instance["Manufacturer"] = reading.Manufacturer;
        instance["Model"] = reading.Model;
        instance["SerialNumber"] = reading.SerialNumber;
        instance["Origin"] = device.Origin;
    }

    /// <summary>Sets flags, health and whether there is a reading.</summary>
    public static void SetState(CimInstance instance, PowerReading reading, PowerCondition condition)
    {
        instance["ActiveFlags"] = Names(reading.Raised);
        instance["SupportedFlags"] = Names(reading.Known);
        SetReadingState(instance, reading.State, reading.Time, reading.Reason);
        instance["EnabledState"] = reading.State == ReadingState.Ok ? Enabled : EnabledButOffline;
        instance["HealthState"] = condition.HealthState;
        instance["OperationalStatus"] = new[] { condition.OperationalStatus };
        instance["StatusDescriptions"] = new[] { reading.Reason ?? reading.Alarm ?? condition.Text };
    }

    /// <summary>Sets whether there is a reading.</summary>
    public static void SetReadingState(CimInstance instance, ReadingState state, DateTimeOffset time, string? reason)
    {
        instance["ReadingState"] = state.ToString();
        instance["ReadingTime"] = time;
        instance["ReadingReason"] = reason;
    }

    /// <summary>Seconds as whole minutes, rounded down; null without seconds.</summary>
    public static uint? Minutes(double? seconds) => seconds is >= 0 and <= uint.MaxValue ? (uint)(seconds.Value / 60) : null;

    /// <summary>Percent as CIM has it, 0 to 100; null without a value.</summary>
    public static ushort? Percent(double? value) => value is >= 0 ? (ushort)Math.Min(100, Math.Round(value.Value, MidpointRounding.AwayFromZero)) : null;

    /// <summary>A value in thousandths of its unit; null without one, or when it does not fit.</summary>
    public static uint? Thousandths(double? value) => value is >= 0 and <= uint.MaxValue / 1000 ? (uint)Math.Round(value.Value * 1000, MidpointRounding.AwayFromZero) : null;

    private static string[] Names(PowerFlags flags) =>
        [.. Enum.GetValues<PowerFlags>().Where(f => f != PowerFlags.None && (flags & f) != 0).Select(f => f == PowerFlags.AcPresent ? "ACPresent" : f.ToString())];

    // Many products begin their own name with the maker's.
    private static string? WithoutMaker(PowerReading reading) =>
        reading is { Model: { } model, Manufacturer: { } maker } && model.StartsWith(maker, StringComparison.OrdinalIgnoreCase) ? model[maker.Length..].Trim() : reading.Model;
}
