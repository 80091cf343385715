using CimHost.Sdk.Hardware;

namespace CimHost.VmKernel.Devices.Capture.Recording;

/// <summary>A HID device whose reports are written down. A report that it gave once it is not asked for again: a capture is a still picture.</summary>
internal sealed class RecordingHidPort(IHidPort port, CapturedHid device, RecordingLimits limits, TimeProvider time) : IHidPort, IRecordingPort
{
    public object Inner => port;

    public string Name => port.Name;

    public string Description => port.Description;

    public HidIdentity Identity => port.Identity;

    public ReadOnlyMemory<byte> ReportDescriptor => port.ReportDescriptor;

    public async ValueTask<HidReport> GetReportAsync(HidReportType type, byte reportId, int length, CancellationToken cancellationToken)
    {
        // One that is as long as was asked for may go on.
        if (device.Reports.TryGetValue((type, reportId), out CapturedReport? known) && known is { Fault: null } && known.Data.Length < length)
        {
            return new HidReport(known.Data, time.GetUtcNow());
        }

        try
        {
            HidReport report = await port.GetReportAsync(type, reportId, length, cancellationToken);
            Add(type, reportId, new CapturedReport(report.Data.ToArray()));
            return report;
        }
        catch (HardwareException e)
        {
            Add(type, reportId, new CapturedReport([], CapturedFault.Of(e)));
            throw;
        }
    }

    public HidReport? LastInput(byte reportId)
    {
        if (port.LastInput(reportId) is not { } report)
        {
            return null;
        }

        if (limits.Take(report.Data.Length))
        {
            device.Sent.TryAdd(reportId, report.Data.ToArray());
        }

        return device.Sent.TryGetValue(reportId, out byte[]? first) ? report with { Data = first } : report;
    }

    private void Add(HidReportType type, byte reportId, CapturedReport report)
    {
        if (limits.Take(report.Data.Length))
        {
            device.Reports.AddOrUpdate((type, reportId), report, (_, known) => report.Fault is not null || report.Data.Length < known.Data.Length ? known : report);
        }
    }
}
