using System.Composition;
using System.Runtime.CompilerServices;
using CimHost.Providers.Sensors.Files;
using CimHost.Providers.Sensors.Hwmon;
using CimHost.Providers.Sensors.Readings;
using CimHost.Providers.Sensors.Thermal;
using CimHost.Providers.Sensors.Wire;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Hardware;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Sensors.Providers;

/// <summary>CimHost_CoolingDevice: the PWM outputs of monitoring chips and the cooling devices of the thermal framework.</summary>
[CimProvider(ClassNames.CoolingDevice)]
[method: ImportingConstructor]
internal sealed class CoolingDeviceProvider(IProviderHost host, HwmonScan chips, ThermalScan thermal) : ICimProvider, ICimGetInstance
{
    private const ulong MaxPwm = 255;

    /// <summary>True for channels that are PWM outputs with a level.</summary>
    public static bool IsPwm(HwmonChannel channel) => channel.Type == ChannelType.Pwm && channel.Attributes.Contains(string.Empty);

    /// <inheritdoc/>
    public async IAsyncEnumerable<CimInstance> EnumerateAsync(CimProviderRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        HwmonChannel[] outputs = [.. (await chips.ChannelsAsync(cancellationToken)).Where(IsPwm)];
        await foreach (CimInstance instance in Sweep.ReadAsync(outputs, c => c.Device.Name, (c, token) => ReadPwmAsync(request, c, token), cancellationToken))
        {
            yield return instance;
        }

        IReadOnlyList<ThermalDevice> devices = await thermal.CoolingDevicesAsync(cancellationToken);
        await foreach (CimInstance instance in Sweep.ReadAsync(devices, d => d.Name, (d, token) => ReadThermalAsync(request, d, token), cancellationToken))
        {
            yield return instance;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<CimInstance?> GetAsync(CimProviderRequest request, CimObjectPath path, CancellationToken cancellationToken)
    {
        if (DevicePaths.DeviceIdOf(host, ClassNames.CoolingDevice, path) is not { } id)
        {
            return null;
        }

        if (await chips.FindAsync(id, cancellationToken) is { } channel && IsPwm(channel))
        {
            return await ReadPwmAsync(request, channel, cancellationToken);
        }

        IReadOnlyList<ThermalDevice> devices = await thermal.CoolingDevicesAsync(cancellationToken);
        return devices.FirstOrDefault(d => d.Name == id) is { } device ? await ReadThermalAsync(request, device, cancellationToken) : null;
    }

    private async ValueTask<CimInstance> ReadPwmAsync(CimProviderRequest request, HwmonChannel channel, CancellationToken cancellationToken)
    {
        CimInstance instance = NewInstance(request, channel.DeviceId, "pwm", channel.Device.BusAddress);
        ChannelNaming.SetTexts(instance, channel.Name, channel.Device.Name, $"{channel.Type.Noun} {channel.Name} of {channel.Device.Chip} at {channel.Device.BusAddress}");
        instance["ActiveCooling"] = true;
        if (!RequestDetail.WantsReading(request))
        {
            return instance;
        }

        using ReadLimit limit = chips.Reader.StartLimit(cancellationToken);
        var reader = new ChannelReader(chips.Reader, channel, limit);
        instance["MaxLevel"] = MaxPwm;
        SetLevel(instance, await reader.ReadNumberAsync(string.Empty), MaxPwm, channel.Path(string.Empty));
        long? mode = await reader.ReadFirstAsync("enable");
        instance["ControlMode"] = mode is >= 0 ? (ushort)Math.Min(mode.Value, 2) : CimValue.Null;
        instance["PwmFrequency"] = await reader.ReadFirstAsync("freq") is > 0 and <= uint.MaxValue and { } frequency ? (uint)frequency : CimValue.Null;
        return instance;
    }

    private async ValueTask<CimInstance> ReadThermalAsync(CimProviderRequest request, ThermalDevice device, CancellationToken cancellationToken)
    {
        CimInstance instance = NewInstance(request, device.Name, device.Type, device.BusAddress);
        ChannelNaming.SetTexts(instance, device.Type, device.Name, $"cooling device {device.Type} at {device.BusAddress}");
        instance["ActiveCooling"] = IsFan(device.Type) ? true : CimValue.Null;
        if (!RequestDetail.WantsReading(request))
        {
            return instance;
        }

        using ReadLimit limit = thermal.Reader.StartLimit(cancellationToken);
        AttributeNumber max = await device.ReadNumberAsync(thermal.Reader, "max_state", limit);
        AttributeNumber level = await device.ReadNumberAsync(thermal.Reader, "cur_state", limit);
        ulong? maxLevel = max.ValueOrNull is >= 0 and { } value ? (ulong)value : null;
        instance["MaxLevel"] = maxLevel;
        SetLevel(instance, level, maxLevel ?? long.MaxValue, device.Folder + "/cur_state");
        return instance;
    }

    private CimInstance NewInstance(CimProviderRequest request, string id, string type, string address)
    {
        CimInstance instance = DevicePaths.NewDevice(host, request, id);
        instance["Name"] = id;
        instance["CoolingType"] = type;
        instance["BusAddress"] = address;
        instance["EnabledState"] = (ushort)2;
        return instance;
    }

    private void SetLevel(CimInstance instance, AttributeNumber level, ulong max, string path)
    {
        string? reason = level.Reason ?? (level.Value < 0 || (ulong)level.Value > max ? $"{path} holds {level.Value}, which is no level from 0 to {max}" : null);
        ReadingState state = reason is null ? ReadingState.Ok : level.State is ReadingState.Ok or ReadingState.Absent ? ReadingState.Unavailable : level.State;
        instance["CurrentLevel"] = state == ReadingState.Ok ? (ulong)level.Value : CimValue.Null;
        NumericSensorProperties.SetReadingState(instance, state, host.Time.GetUtcNow(), reason);
        NumericSensorProperties.SetHealth(instance, state == ReadingState.Ok ? SensorCondition.Normal with { State = "OK" } : SensorCondition.Unknown, reason);
    }

    // What slows a processor down moves no air; of the kernel's types only fans surely do.
    private static bool IsFan(string type) => type.Contains("fan", StringComparison.OrdinalIgnoreCase);
}
