using CimHost.Sdk.Hardware;

namespace CimHost.VmKernel.Devices.Capture.Replay;

/// <summary>A captured HID device.</summary>
internal sealed class ReplayHidPort(CapturedHid device, MissedRequests missed, TimeProvider time) : IHidPort
{
    // A device tells its input reports when it is plugged in.
    private readonly DateTimeOffset _opened = time.GetUtcNow();

    public string Name => device.Name;

    public string Description => device.Description;

    public HidIdentity Identity => device.Identity;

    public ReadOnlyMemory<byte> ReportDescriptor => device.Descriptor;

    public ValueTask<HidReport> GetReportAsync(HidReportType type, byte reportId, int length, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!device.Reports.TryGetValue((type, reportId), out CapturedReport? report))
        {
            missed.Add(Name, $"the {type} report {reportId}");
            return ValueTask.FromException<HidReport>(new HardwareException(HardwareFault.Unsupported, $"{Name} gives no {type} report {reportId}."));
        }

        return report.Fault is { } fault
            ? ValueTask.FromException<HidReport>(fault.ToException())
            : ValueTask.FromResult(new HidReport(report.Data.AsMemory(0, Math.Min(report.Data.Length, Math.Max(length, 0))), time.GetUtcNow()));
    }

    public HidReport? LastInput(byte reportId) => device.Sent.TryGetValue(reportId, out byte[]? data) ? new HidReport(data, _opened) : null;
}
