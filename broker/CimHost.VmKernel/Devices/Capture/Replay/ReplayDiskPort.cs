using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices.Emulation.Disks;

namespace CimHost.VmKernel.Devices.Capture.Replay;

/// <summary>A captured disk or enclosure. What was never asked of it is refused: ILLEGAL REQUEST (SPC-5 §4.4), Invalid Field (NVMe Base 2.0 §3.3.3.2.1).</summary>
internal sealed class ReplayDiskPort(CommandLog log, MissedRequests missed) : IDiskPort
{
    private const ushort InvalidField = 0x02;

    public string Name => log.Name;

    public string Description => log.Description;

    public DiskProtocol Protocol => log.DiskProtocol;

    public string Location => log.Location;

    public ValueTask<ScsiResponse> ScsiAsync(ScsiCommand command, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Protocol != DiskProtocol.Scsi)
        {
            return ValueTask.FromException<ScsiResponse>(new HardwareException(HardwareFault.Unsupported, $"{Description} takes no SCSI commands."));
        }

        if (Find(command.Cdb.Span, command.Data.Span) is not { } known)
        {
            return ValueTask.FromResult(ScsiSense.InvalidOpcode);
        }

        return known.Fault is { } fault
            ? ValueTask.FromException<ScsiResponse>(fault.ToException())
            : ValueTask.FromResult(new ScsiResponse((byte)known.Status, known.Sense, Cut(known.Data, command.TransferLength)));
    }

    public ValueTask<NvmeAdminResponse> NvmeAdminAsync(NvmeAdminCommand command, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Protocol != DiskProtocol.Nvme)
        {
            return ValueTask.FromException<NvmeAdminResponse>(new HardwareException(HardwareFault.Unsupported, $"{Description} takes no NVMe commands."));
        }

        if (Find(CommandKeys.Of(command), command.Data.Span) is not { } known)
        {
            return ValueTask.FromResult(new NvmeAdminResponse(InvalidField, 0, default));
        }

        return known.Fault is { } fault
            ? ValueTask.FromException<NvmeAdminResponse>(fault.ToException())
            : ValueTask.FromResult(new NvmeAdminResponse((ushort)known.Status, known.Result, Cut(known.Data, command.TransferLength)));
    }

    private static ReadOnlyMemory<byte> Cut(byte[] data, int most) => data.AsMemory(0, Math.Min(data.Length, Math.Max(most, 0)));

    private Exchange? Find(ReadOnlySpan<byte> request, ReadOnlySpan<byte> sent)
    {
        if (log.Exchanges.TryGetValue(Exchange.KeyOf(request, sent), out Exchange? known))
        {
            return known;
        }

        missed.Add(Name, $"the command {Convert.ToHexString(request)}");
        return null;
    }
}
