using System.Composition;
using CimHost.Providers.Sensors.Files;
using CimHost.Providers.Sensors.Hwmon;
using CimHost.Providers.Sensors.Readings;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Sensors.Providers;

/// <summary>CimHost_HwmonSensor: one instance per channel that has a value.</summary>
[CimProvider(ClassNames.HwmonSensor)]
[method: ImportingConstructor]
internal sealed class HwmonSensorProvider(IProviderHost host, HwmonScan scan) : ICimProvider, ICimGetInstance
{
    /// <inheritdoc/>
    public async IAsyncEnumerable<CimInstance> EnumerateAsync(CimProviderRequest request, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        HwmonChannel[] channels = [.. (await scan.ChannelsAsync(cancellationToken)).Where(c => c.IsNumeric)];
        await foreach (CimInstance instance in Sweep.ReadAsync(channels, c => c.Device.Name, (c, token) => ReadAsync(request, c, token), cancellationToken))
        {
            yield return instance;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<CimInstance?> GetAsync(CimProviderRequest request, CimObjectPath path, CancellationToken cancellationToken) =>
        DevicePaths.DeviceIdOf(host, ClassNames.HwmonSensor, path) is { } id && await scan.FindAsync(id, cancellationToken) is { IsNumeric: true } channel
            ? await ReadAsync(request, channel, cancellationToken)
            : null;

    private async ValueTask<CimInstance> ReadAsync(CimProviderRequest request, HwmonChannel channel, CancellationToken cancellationToken)
    {
        using ReadLimit limit = scan.Reader.StartLimit(cancellationToken);
        var reader = new ChannelReader(scan.Reader, channel, limit);
        CimInstance instance = DevicePaths.NewDevice(host, request, channel.DeviceId);
        ChannelNaming.Set(instance, channel, RequestDetail.WantsLabel(request) ? await reader.ReadLabelAsync() : null);
        NumericSensorProperties.SetKind(instance, channel.Type);
        instance["KernelPath"] = channel.Path(channel.ValueAttribute!);
        if (RequestDetail.WantsReading(request))
        {
            NumericReading reading = await reader.ReadAsync();
            NumericSensorProperties.SetReading(instance, reading);
            SetFlags(instance, reading);
        }

        return instance;
    }

    private static void SetFlags(CimInstance instance, NumericReading reading)
    {
        instance["Alarm"] = reading.Alarm;
        instance["ActiveAlarms"] = reading.Alarm is null ? null : reading.ActiveAlarms.ToArray();
        instance["Fault"] = reading.Fault;
        instance["LowestReading"] = reading.Scale.Apply(reading.Lowest);
        instance["HighestReading"] = reading.Scale.Apply(reading.Highest);
        instance["PowerCap"] = reading.Scale.Apply(reading.Cap);
    }
}
