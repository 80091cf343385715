using System.Composition;
using CimHost.Providers.Sensors.Files;
using CimHost.Providers.Sensors.Hwmon;
using CimHost.Providers.Sensors.Readings;
using CimHost.Providers.Sensors.Wire;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Sensors.Providers;

/// <summary>CimHost_HwmonFan: one instance per fan channel that has a speed or an alarm.</summary>
[CimProvider(ClassNames.HwmonFan)]
[method: ImportingConstructor]
internal sealed class HwmonFanProvider(IProviderHost host, HwmonScan scan) : ICimProvider, ICimGetInstance
{
    // The kernel's fan failure flag speaks of the fan, unlike that of a temperature probe: 15 minor failure, 6 error.
    private static readonly SensorCondition s_failed = new("Fault", 15, 6);

    /// <summary>True for channels that are fans.</summary>
    public static bool IsFan(HwmonChannel channel) => channel.Type == ChannelType.Fan && (channel.IsNumeric || channel.IsDiscrete);

    /// <inheritdoc/>
    public async IAsyncEnumerable<CimInstance> EnumerateAsync(CimProviderRequest request, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IReadOnlyList<HwmonChannel> all = await scan.ChannelsAsync(cancellationToken);
        HwmonChannel[] fans = [.. all.Where(IsFan)];
        await foreach (CimInstance instance in Sweep.ReadAsync(fans, c => c.Device.Name, (c, token) => ReadAsync(request, c, ControlOf(c, all), token), cancellationToken))
        {
            yield return instance;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<CimInstance?> GetAsync(CimProviderRequest request, CimObjectPath path, CancellationToken cancellationToken)
    {
        if (DevicePaths.DeviceIdOf(host, ClassNames.HwmonFan, path) is not { } id)
        {
            return null;
        }

        IReadOnlyList<HwmonChannel> all = await scan.ChannelsAsync(cancellationToken);
        return all.FirstOrDefault(c => c.DeviceId == id && IsFan(c)) is { } channel
            ? await ReadAsync(request, channel, ControlOf(channel, all), cancellationToken)
            : null;
    }

    // Chips number their PWM outputs as the fans they drive; a board may be wired otherwise, which nothing can tell.
    private static HwmonChannel? ControlOf(HwmonChannel fan, IReadOnlyList<HwmonChannel> all) =>
        all.FirstOrDefault(c => c.Type == ChannelType.Pwm && c.Number == fan.Number && c.Device == fan.Device);

    private async ValueTask<CimInstance> ReadAsync(CimProviderRequest request, HwmonChannel channel, HwmonChannel? control, CancellationToken cancellationToken)
    {
        using ReadLimit limit = scan.Reader.StartLimit(cancellationToken);
        var reader = new ChannelReader(scan.Reader, channel, limit);
        CimInstance instance = DevicePaths.NewDevice(host, request, channel.DeviceId);
        ChannelNaming.Set(instance, channel, RequestDetail.WantsLabel(request) ? await reader.ReadLabelAsync() : null);
        instance["ActiveCooling"] = true;
        if (RequestDetail.WantsReading(request))
        {
            instance["VariableSpeed"] = control is not null || channel.Attributes.Contains("target") ? true : CimValue.Null;
            instance["DesiredSpeed"] = await reader.ReadFirstAsync("target") is >= 0 and { } target ? (ulong)target : CimValue.Null;
            instance["ControlMode"] = await ControlModeAsync(control, limit);
            await SetHealthAsync(instance, channel, reader);
        }

        return instance;
    }

    // CIM_Fan.ControlMode: 2 automatic, 3 manual; NULL where the chip does not say (0, "no control", is neither).
    private async ValueTask<ushort?> ControlModeAsync(HwmonChannel? control, ReadLimit limit)
    {
        if (control is null)
        {
            return null;
        }

        long? mode = await new ChannelReader(scan.Reader, control, limit).ReadFirstAsync("enable");
        return mode switch
        {
            1 => 3,
            >= 2 => 2,
            _ => null,
        };
    }

    private async ValueTask SetHealthAsync(CimInstance instance, HwmonChannel channel, ChannelReader reader)
    {
        SensorCondition condition;
        string? reason;
        bool enabled = true;
        bool? fault;
        if (channel.IsNumeric)
        {
            NumericReading reading = await reader.ReadAsync();
            (condition, reason, enabled, fault) = (reading.Condition(), reading.Reason, reading.Enabled, reading.Fault);
        }
        else
        {
            AlarmReading reading = await AlarmReading.ReadAsync(reader, channel, host.Time);
            condition = reading.Alarm is { } alarm ? alarm ? SensorCondition.Alarm : SensorCondition.Normal : SensorCondition.Unknown;
            (reason, fault) = (reading.Reason, await reader.ReadFlagAsync("fault"));
        }

        instance["EnabledState"] = (ushort)(enabled ? 2 : 3);
        NumericSensorProperties.SetHealth(instance, enabled && fault == true ? s_failed : condition, reason);
    }
}
