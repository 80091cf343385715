using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices.Capture.Live;
using CimHost.VmKernel.Devices.Emulation.Disks;
using CimHost.VmKernel.Devices.Emulation.Faults;

namespace CimHost.VmKernel.Devices.Capture.Replay;

/// <summary>A captured disk or enclosure. What was never asked of it is refused: ILLEGAL REQUEST (SPC-5 §4.4), Invalid Field (NVMe Base 2.0 §3.3.3.2.1).</summary>
internal sealed class ReplayDiskPort : IDiskPort
{
    private const ushort InvalidField = 0x02;

    private readonly CommandLog _log;
    private readonly MissedRequests _missed;
    private readonly FaultRules _faults;
    private readonly TimeProvider _time;
    private volatile DiskDescription? _now;

    public ReplayDiskPort(CommandLog log, MissedRequests missed, FaultRules faults, TimeProvider time)
    {
        (_log, _missed, _faults, _time) = (log, missed, faults, time);
        Captured = CapturedDisk.Of(log);
        _now = Captured.Description;
    }

    public string Name => _log.Name;

    public string Description => _log.Description;

    public DiskProtocol Protocol => _log.DiskProtocol;

    public string Location => _log.Location;

    /// <summary>What can be changed of it.</summary>
    public CapturedDisk Captured { get; }

    /// <summary>Tells from now on the values of a description with changes; null: it is pulled.</summary>
    public void Show(DiskDescription? now) => _now = now;

    public async ValueTask<ScsiResponse> ScsiAsync(ScsiCommand command, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Protocol != DiskProtocol.Scsi)
        {
            throw new HardwareException(HardwareFault.Unsupported, $"{Description} takes no SCSI commands.");
        }

        byte code = command.Cdb.Length > 0 ? command.Cdb.Span[0] : (byte)0;
        IReadOnlyList<ActiveFault> faults = await FaultGate.BeforeAsync(_faults, this, code, _time, cancellationToken);
        if (faults.Any(f => f.Rule.Effect == FaultEffect.CompletionCode))
        {
            return ScsiSense.InternalFailure;
        }

        if (Find(command.Cdb.Span, command.Data.Span) is not { } known)
        {
            return ScsiSense.InvalidOpcode;
        }

        return new ScsiResponse((byte)known.Status, known.Sense, FaultGate.After(faults, Cut(known.Data, command.TransferLength)));
    }

    public async ValueTask<NvmeAdminResponse> NvmeAdminAsync(NvmeAdminCommand command, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Protocol != DiskProtocol.Nvme)
        {
            throw new HardwareException(HardwareFault.Unsupported, $"{Description} takes no NVMe commands.");
        }

        IReadOnlyList<ActiveFault> faults = await FaultGate.BeforeAsync(_faults, this, command.Opcode, _time, cancellationToken);
        if (faults.FirstOrDefault(f => f.Rule.Effect == FaultEffect.CompletionCode) is { } refused)
        {
            return new NvmeAdminResponse(refused.Rule.CompletionCode, 0, default);
        }

        if (Find(CommandKeys.Of(command), command.Data.Span) is not { } known)
        {
            return new NvmeAdminResponse(InvalidField, 0, default);
        }

        return new NvmeAdminResponse((ushort)known.Status, known.Result, FaultGate.After(faults, Cut(known.Data, command.TransferLength)));
    }

    private static ReadOnlyMemory<byte> Cut(byte[] data, int most) => data.AsMemory(0, Math.Min(data.Length, Math.Max(most, 0)));

    private Exchange? Find(ReadOnlySpan<byte> request, ReadOnlySpan<byte> sent)
    {
        DiskDescription now = _now ?? throw new HardwareException(HardwareFault.Unavailable, $"{Description} is gone.");
        if (!_log.Exchanges.TryGetValue(Exchange.KeyOf(request, sent), out Exchange? known))
        {
            _missed.Add(Name, $"the command {Convert.ToHexString(request)}");
            return null;
        }

        if (known.Fault is { } fault)
        {
            throw fault.ToException();
        }

        if (ReferenceEquals(now, Captured.Description))
        {
            return known;
        }

        Exchange changed = known with { Data = [.. known.Data], Sense = [.. known.Sense] };
        Captured.Change(now, request, changed.Data, changed.Sense);
        return changed;
    }
}
