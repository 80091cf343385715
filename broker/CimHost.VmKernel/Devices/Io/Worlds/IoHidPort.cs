using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices.Io.Requests;

namespace CimHost.VmKernel.Devices.Io.Worlds;

/// <summary>A HID device as one world has it. What the device sends by itself is no request, and passes.</summary>
internal sealed class IoHidPort(IHidPort port, IoPath path, WorldLane lane) : IHidPort
{
    private readonly GetReport _getReport = new(port);

    public string Name => port.Name;

    public string Description => port.Description;

    public HidIdentity Identity => port.Identity;

    public ReadOnlyMemory<byte> ReportDescriptor => port.ReportDescriptor;

    public ValueTask<HidReport> GetReportAsync(HidReportType type, byte reportId, int length, CancellationToken cancellationToken) =>
        path.SubmitAsync(lane, _getReport, (type, reportId, length), cancellationToken);

    public HidReport? LastInput(byte reportId) => port.LastInput(reportId);

    private sealed class GetReport(IHidPort port) : IoOperation<(HidReportType Type, byte Id, int Length), HidReport>
    {
        public override ValueTask<HidReport> IssueAsync((HidReportType Type, byte Id, int Length) request, CancellationToken abort) =>
            port.GetReportAsync(request.Type, request.Id, request.Length, abort);

        public override long CountBytes(in (HidReportType Type, byte Id, int Length) request, in HidReport response) => response.Data.Length;

        // Reading a report changes nothing.
        public override bool MayRetry(in (HidReportType Type, byte Id, int Length) request, HardwareFault fault) => fault == HardwareFault.Malformed;
    }
}
