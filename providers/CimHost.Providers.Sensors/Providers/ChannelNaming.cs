using CimHost.Providers.Sensors.Hwmon;
using CimHost.Sdk.Cim;

namespace CimHost.Providers.Sensors.Providers;

/// <summary>The naming properties that all classes of channels share.</summary>
internal static class ChannelNaming
{
    private const int MaxCaption = 64;

    /// <summary>Sets what identifies a channel.</summary>
    /// <param name="instance">Instance of a channel's class.</param>
    /// <param name="channel">The channel.</param>
    /// <param name="label">Its label; null when it has none or it was not asked for.</param>
    public static void Set(CimInstance instance, HwmonChannel channel, string? label)
    {
        instance["Name"] = channel.DeviceId;
        instance["ChipName"] = channel.Device.Chip;
        instance["BusAddress"] = channel.Device.BusAddress;
        instance["Channel"] = channel.Name;
        instance["Label"] = label;
        SetTexts(instance, label ?? channel.Name, channel.Device.Name, $"{channel.Type.Noun} {channel.Name} of {channel.Device.Chip} at {channel.Device.BusAddress}");
    }

    /// <summary>Sets the texts for people: the short name, with the device it belongs to, and a description.</summary>
    public static void SetTexts(CimInstance instance, string name, string device, string description)
    {
        instance["Caption"] = name.Length <= MaxCaption ? name : name[..MaxCaption];
        instance["ElementName"] = $"{name} ({device})";
        instance["Description"] = description;
    }
}
