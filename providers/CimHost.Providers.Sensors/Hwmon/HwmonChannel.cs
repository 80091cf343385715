using CimHost.Providers.Sensors.Wire;

namespace CimHost.Providers.Sensors.Hwmon;

/// <summary>A channel of a chip: the attributes that exist for one type and number.</summary>
/// <param name="Device">Chip.</param>
/// <param name="Type">Kind.</param>
/// <param name="Number">Number as the kernel counts.</param>
/// <param name="Attributes">Suffixes of its attributes; the empty one is the bare channel ("pwm1").</param>
internal sealed record HwmonChannel(HwmonDevice Device, ChannelType Type, int Number, IReadOnlySet<string> Attributes)
{
    /// <summary>Kernel's name: "temp1".</summary>
    public string Name => $"{Type.Prefix}{Number}";

    /// <summary>CIM_LogicalDevice.DeviceID: "lm75-i2c-1-48/temp1".</summary>
    public string DeviceId => $"{Device.Name}/{Name}";

    /// <summary>The attribute that holds the value; null when the channel has none.</summary>
    public string? ValueAttribute => Type.Values.FirstOrDefault(Attributes.Contains);

    /// <summary>Suffixes of its alarm flags in ordinal order: "alarm", "crit_alarm"….</summary>
    public IEnumerable<string> Alarms => Attributes.Where(a => a == "alarm" || a.EndsWith("_alarm", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    /// <summary>True for a channel that measures.</summary>
    public bool IsNumeric => ValueAttribute is not null;

    /// <summary>True for a channel that has an alarm and no value.</summary>
    public bool IsDiscrete => !IsNumeric && Type != ChannelType.Pwm && Alarms.Any();

    /// <summary>Path of an attribute, or of the bare channel for the empty suffix.</summary>
    public string Path(string suffix) => suffix.Length == 0 ? $"{Device.Folder}/{Name}" : $"{Device.Folder}/{Name}_{suffix}";
}
