using System.Composition;
using CimHost.Sdk.Hardware;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Storage.Devices;

/// <summary>Starts self-tests by the configured schedule: looks once a minute, and starts at most one test of a disk in an hour.</summary>
[Export]
[Shared]
internal sealed class SelfTestRunner : IDisposable
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);

    private readonly IProviderHost _host;
    private readonly StorageDevices _devices;
    private readonly SelfTestSchedule? _schedule;
    private readonly ITimer? _timer;
    private readonly Lock _lock = new();
    private DateTimeOffset _lastHour;

    [ImportingConstructor]
    public SelfTestRunner(IProviderHost host, StorageDevices devices)
    {
        (_host, _devices) = (host, devices);
        _ = SelfTestSchedule.TryParse(devices.Options.SelfTests, out _schedule);
        _timer = _schedule is null ? null : host.Time.CreateTimer(_ => Look(), null, s_interval, s_interval);
    }

    /// <summary>The tests that the last look started; for whoever has to wait for them.</summary>
    internal Task Started { get; private set; } = Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose() => _timer?.Dispose();

    private void Look()
    {
        DateTimeOffset now = _host.Time.GetLocalNow();
        var hour = new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, 0, 0, now.Offset);
        lock (_lock)
        {
            if (hour == _lastHour || _schedule?.IsDue(now, out SelfTestKind? kind) != true)
            {
                return;
            }

            _lastHour = hour;
            Started = Task.WhenAll(_devices.All().Select(device => StartAsync(device, kind!.Value)));
        }
    }

    // A disk that sleeps is left asleep, and one that tests itself goes on.
    private async Task StartAsync(StorageDevice device, SelfTestKind kind)
    {
        using var limit = new CancellationTokenSource(s_limit, _host.Time);
        try
        {
            DiskIdentity identity = await device.IdentifyAsync(limit.Token);
            if (identity.IsDisk
                && (await device.SampleAsync(limit.Token)).State == ReadingState.Ok
                && (await device.StartSelfTestAsync(kind, limit.Token)).Answer == SelfTestAnswer.Started)
            {
                _host.Log.Information($"{device.Port.Name} ({identity.Model} {identity.SerialNumber}): the scheduled {(kind == SelfTestKind.Short ? "short" : "extended")} self-test was started.");
            }
        }
        catch (Exception e) when (e is HardwareException or OperationCanceledException)
        {
            _host.Log.Warning($"{device.Port.Name}: the scheduled self-test was not started: {e.Message}");
        }
    }
}
