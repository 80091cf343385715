using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices.Io.Requests;

namespace CimHost.VmKernel.Devices.Io.Worlds;

/// <summary>A disk or an enclosure as one world has it. No command is given twice by itself: a self-test would start anew.</summary>
internal sealed class IoDiskPort(IDiskPort port, IoPath path, WorldLane lane) : IDiskPort
{
    private readonly Scsi _scsi = new(port);
    private readonly NvmeAdmin _nvme = new(port);

    public string Name => port.Name;

    public string Description => port.Description;

    public DiskProtocol Protocol => port.Protocol;

    public string Location => port.Location;

    public ValueTask<ScsiResponse> ScsiAsync(ScsiCommand command, CancellationToken cancellationToken) =>
        path.SubmitAsync(lane, _scsi, command, cancellationToken);

    public ValueTask<NvmeAdminResponse> NvmeAdminAsync(NvmeAdminCommand command, CancellationToken cancellationToken) =>
        path.SubmitAsync(lane, _nvme, command, cancellationToken);

    private sealed class Scsi(IDiskPort port) : IoOperation<ScsiCommand, ScsiResponse>
    {
        public override ValueTask<ScsiResponse> IssueAsync(ScsiCommand request, CancellationToken abort) => port.ScsiAsync(request, abort);

        public override long CountBytes(in ScsiCommand request, in ScsiResponse response) => request.Data.Length + response.Data.Length;
    }

    private sealed class NvmeAdmin(IDiskPort port) : IoOperation<NvmeAdminCommand, NvmeAdminResponse>
    {
        public override ValueTask<NvmeAdminResponse> IssueAsync(NvmeAdminCommand request, CancellationToken abort) => port.NvmeAdminAsync(request, abort);

        public override long CountBytes(in NvmeAdminCommand request, in NvmeAdminResponse response) => request.Data.Length + response.Data.Length;
    }
}
