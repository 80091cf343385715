using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices.Emulation.Faults;
using CimHost.VmKernel.Devices.Emulation.Hid;

namespace CimHost.VmKernel.Devices.Capture.Replay;

/// <summary>A captured HID device.</summary>
internal sealed class ReplayHidPort : IHidPort
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(5);

    private readonly CapturedHid _device;
    private readonly MissedRequests _missed;
    private readonly FaultRules _faults;
    private readonly TimeProvider _time;
    private volatile Loaded? _now;

    public ReplayHidPort(CapturedHid device, MissedRequests missed, FaultRules faults, TimeProvider time)
    {
        (_device, _missed, _faults, _time) = (device, missed, faults, time);
        Described = new HidDeviceDescription(
            device.Name,
            device.Identity,
            device.Descriptor,
            device.Reports.Where(r => r.Value.Fault is null).Select(r => (r.Key, r.Value.Data))
                .Concat(device.Sent.Select(s => ((HidReportType.Input, s.Key), s.Value))).DistinctBy(r => r.Item1).ToDictionary(r => r.Item1, r => r.Item2),
            s_timeout);
        Show(Described);
    }

    public string Name => _device.Name;

    public string Description => _device.Description;

    public HidIdentity Identity => _device.Identity;

    public ReadOnlyMemory<byte> ReportDescriptor => _device.Descriptor;

    /// <summary>The device as it was: the reports that it gave or sent.</summary>
    public HidDeviceDescription Described { get; }

    /// <summary>Gives from now on the reports of a description with changes; null: it is unplugged.</summary>
    public void Show(HidDeviceDescription? now)
    {
        if (!ReferenceEquals(now, _now?.Device))
        {
            _now = now is null ? null : new Loaded(now, _time.GetUtcNow());
        }
    }

    public async ValueTask<HidReport> GetReportAsync(HidReportType type, byte reportId, int length, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        IReadOnlyList<ActiveFault> acting = await FaultGate.BeforeAsync(_faults, this, s_timeout, _time, cancellationToken);
        if (_now is not { } now)
        {
            throw new HardwareException(HardwareFault.Unavailable, $"{Name} is gone.");
        }

        if (!_device.Reports.TryGetValue((type, reportId), out CapturedReport? report))
        {
            _missed.Add(Name, $"the {type} report {reportId}");
            throw new HardwareException(HardwareFault.Unsupported, $"{Name} gives no {type} report {reportId}.");
        }

        if (report.Fault is { } fault)
        {
            throw fault.ToException();
        }

        ReadOnlyMemory<byte> data = FaultGate.After(acting, now.Device.Reports[(type, reportId)]);
        return new HidReport(data[..Math.Min(data.Length, Math.Max(length, 0))], _time.GetUtcNow());
    }

    // A device tells its input reports when it is plugged in, and at every change.
    public HidReport? LastInput(byte reportId) => _now is { } now && _device.Sent.ContainsKey(reportId) ? new HidReport(now.Device.Reports[(HidReportType.Input, reportId)], now.Time) : null;

    private sealed record Loaded(HidDeviceDescription Device, DateTimeOffset Time);
}
