using System.Composition;
using CimHost.Providers.Sensors.Files;
using CimHost.Providers.Sensors.Hwmon;
using CimHost.Providers.Sensors.Readings;
using CimHost.Providers.Sensors.Wire;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Sensors.Providers;

/// <summary>CimHost_HwmonDiscreteSensor: one instance per channel that has an alarm and no value.</summary>
[CimProvider(ClassNames.HwmonDiscreteSensor)]
[method: ImportingConstructor]
internal sealed class HwmonDiscreteSensorProvider(IProviderHost host, HwmonScan scan) : ICimProvider, ICimGetInstance
{
    private const string Intrusion = "Intrusion";

    /// <inheritdoc/>
    public async IAsyncEnumerable<CimInstance> EnumerateAsync(CimProviderRequest request, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        HwmonChannel[] channels = [.. (await scan.ChannelsAsync(cancellationToken)).Where(c => c.IsDiscrete)];
        await foreach (CimInstance instance in Sweep.ReadAsync(channels, c => c.Device.Name, (c, token) => ReadAsync(request, c, token), cancellationToken))
        {
            yield return instance;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<CimInstance?> GetAsync(CimProviderRequest request, CimObjectPath path, CancellationToken cancellationToken) =>
        DevicePaths.DeviceIdOf(host, ClassNames.HwmonDiscreteSensor, path) is { } id && await scan.FindAsync(id, cancellationToken) is { IsDiscrete: true } channel
            ? await ReadAsync(request, channel, cancellationToken)
            : null;

    private async ValueTask<CimInstance> ReadAsync(CimProviderRequest request, HwmonChannel channel, CancellationToken cancellationToken)
    {
        using ReadLimit limit = scan.Reader.StartLimit(cancellationToken);
        var reader = new ChannelReader(scan.Reader, channel, limit);
        CimInstance instance = DevicePaths.NewDevice(host, request, channel.DeviceId);
        ChannelNaming.Set(instance, channel, RequestDetail.WantsLabel(request) ? await reader.ReadLabelAsync() : null);
        instance["SensorType"] = channel.Type.SensorType;
        instance["OtherSensorTypeDescription"] = channel.Type.SensorType == 1 ? channel.Type.Noun : null;
        if (RequestDetail.WantsReading(request))
        {
            SetAlarm(instance, channel, await AlarmReading.ReadAsync(reader, channel, host.Time));
        }

        return instance;
    }

    private static void SetAlarm(CimInstance instance, HwmonChannel channel, AlarmReading reading)
    {
        string alarmState = channel.Type == ChannelType.Intrusion ? Intrusion : SensorCondition.Alarm.State;
        SensorCondition condition = reading.Alarm switch
        {
            null => SensorCondition.Unknown,
            true => SensorCondition.Alarm with { State = alarmState },
            false => SensorCondition.Normal,
        };
        instance["Alarm"] = reading.Alarm;
        instance["ActiveAlarms"] = reading.Alarm is null ? null : reading.ActiveAlarms.ToArray();
        instance["PossibleStates"] = new[] { SensorCondition.Unknown.State, SensorCondition.Normal.State, alarmState };
        instance["CurrentState"] = condition.State;
        instance["EnabledState"] = (ushort)2;
        NumericSensorProperties.SetReadingState(instance, reading.State, reading.Time, reading.Reason);
        NumericSensorProperties.SetHealth(instance, condition, reading.Reason);
    }
}
