using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices.Emulation.Faults;

namespace CimHost.VmKernel.Devices.Emulation.Hid;

/// <summary>A HID device of an emulated machine: gives the bytes of its file, after the machine looked at its files and the fault rules acted.</summary>
internal sealed class EmulatedHidPort : IHidPort
{
    private readonly HidDeviceDescription _device;
    private readonly string _machine;
    private readonly FaultRules _faults;
    private readonly TimeProvider _time;
    private readonly Action _refresh;
    private volatile Loaded? _now;

    /// <param name="device">What the file says.</param>
    /// <param name="machine">Where the machine is described, for people.</param>
    /// <param name="faults">Rules in force.</param>
    /// <param name="time">Clock of the reports.</param>
    /// <param name="refresh">Called before each request; looks whether the files changed.</param>
    public EmulatedHidPort(HidDeviceDescription device, string machine, FaultRules faults, TimeProvider time, Action refresh)
    {
        (_device, _machine, _faults, _time, _refresh) = (device, machine, faults, time, refresh);
        Load(device);
    }

    public string Name => _device.Port;

    public string Description => $"emulated machine {_machine}";

    public HidIdentity Identity => _device.Identity;

    public ReadOnlyMemory<byte> ReportDescriptor => _device.ReportDescriptor;

    /// <summary>True when a description is of the same device, with other values perhaps.</summary>
    public bool IsSame(HidDeviceDescription other) =>
        other.Port == _device.Port && other.Identity == _device.Identity && other.ReportDescriptor.AsSpan().SequenceEqual(_device.ReportDescriptor);

    /// <summary>Takes new reports; null: the device is unplugged.</summary>
    public void Load(HidDeviceDescription? now) => _now = now is null ? null : new Loaded(now, _time.GetUtcNow());

    public async ValueTask<HidReport> GetReportAsync(HidReportType type, byte reportId, int length, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _refresh();
        IReadOnlyList<ActiveFault> acting = await FaultGate.BeforeAsync(_faults, this, _device.Timeout, _time, cancellationToken);
        if (_now is not { } now)
        {
            throw new HardwareException(HardwareFault.Unavailable, $"{Name} is gone.");
        }

        if (!now.Device.Reports.TryGetValue((type, reportId), out byte[]? report))
        {
            throw new HardwareException(HardwareFault.Unsupported, $"{Name} gives no {type} report {reportId}.");
        }

        ReadOnlyMemory<byte> data = FaultGate.After(acting, report);
        return new HidReport(data[..Math.Min(data.Length, length)], _time.GetUtcNow());
    }

    // A device tells its input reports when it is plugged in and at every change, which here is a change of its file.
    public HidReport? LastInput(byte reportId) =>
        _now is { } now && now.Device.Reports.TryGetValue((HidReportType.Input, reportId), out byte[]? report) ? new HidReport(report, now.Time) : null;

    private sealed record Loaded(HidDeviceDescription Device, DateTimeOffset Time);
}
