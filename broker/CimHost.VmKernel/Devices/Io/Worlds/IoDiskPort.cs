using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices.Io.Requests;

namespace CimHost.VmKernel.Devices.Io.Worlds;

/// <summary>A disk as one world has it. Commands are not repeated: whether one may be, only its sender knows.</summary>
internal sealed class IoDiskPort(IDiskPort port, IoPath path, WorldLane lane) : IDiskPort
{
    private readonly Scsi _scsi = new(port);
    private readonly Nvme _nvme = new(port);

    public string Name => port.Name;

    public string Description => port.Description;

    public DiskProtocol Protocol => port.Protocol;

    public string Location => port.Location;

    public ValueTask<ScsiResponse> ScsiAsync(ScsiCommand command, CancellationToken cancellationToken) => path.SubmitAsync(lane, _scsi, command, cancellationToken);

    public ValueTask<NvmeAdminResponse> NvmeAdminAsync(NvmeAdminCommand command, CancellationToken cancellationToken) => path.SubmitAsync(lane, _nvme, command, cancellationToken);

    private sealed class Scsi(IDiskPort port) : IoOperation<ScsiCommand, ScsiResponse>
    {
        public override ValueTask<ScsiResponse> IssueAsync(ScsiCommand request, CancellationToken abort) => port.ScsiAsync(request, abort);

        public override long CountBytes(in ScsiCommand request, in ScsiResponse response) => request.Cdb.Length + request.Data.Length + response.Data.Length + response.Sense.Length;
    }

    private sealed class Nvme(IDiskPort port) : IoOperation<NvmeAdminCommand, NvmeAdminResponse>
    {
        // Submission and completion queue entries (NVM Express 1.4, sections 4.2 and 4.6).
        private const int EntryLengths = 64 + 16;

        public override ValueTask<NvmeAdminResponse> IssueAsync(NvmeAdminCommand request, CancellationToken abort) => port.NvmeAdminAsync(request, abort);

        public override long CountBytes(in NvmeAdminCommand request, in NvmeAdminResponse response) => EntryLengths + request.Data.Length + response.Data.Length;
    }
}
