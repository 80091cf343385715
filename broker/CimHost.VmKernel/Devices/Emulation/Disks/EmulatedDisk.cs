using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices.Emulation.Faults;

namespace CimHost.VmKernel.Devices.Emulation.Disks;

/// <summary>
/// A storage device of an emulated machine: takes the bytes of a command, lets the machine look at its files, lets the fault rules act
/// (rules that name the port, or no criterion at all; "code" is the operation code), and answers as the specification says.
/// </summary>
internal sealed class EmulatedDisk : IDiskPort
{
    private readonly Lock _lock = new();
    private readonly FaultRules _faults;
    private readonly TimeProvider _time;
    private readonly Action _refresh;
    private DiskDescription _description;
    private IScsiTarget? _scsi;
    private NvmeController? _nvme;
    private volatile bool _pulled;

    /// <param name="description">What its file says.</param>
    /// <param name="faults">Rules in force.</param>
    /// <param name="time">Clock of the device.</param>
    /// <param name="refresh">Called before each command; looks whether the files changed.</param>
    public EmulatedDisk(DiskDescription description, FaultRules faults, TimeProvider time, Action refresh)
    {
        (_faults, _time, _refresh, _description) = (faults, time, refresh, description);
        Load(description);
    }

    /// <inheritdoc/>
    public string Name => _description.Name;

    /// <inheritdoc/>
    public string Description => "emulated disk " + Name;

    /// <inheritdoc/>
    public DiskProtocol Protocol => _description is NvmeDescription ? DiskProtocol.Nvme : DiskProtocol.Scsi;

    /// <inheritdoc/>
    public string Location => _description.Location;

    /// <summary>True when an edit leaves this the same device, with other values.</summary>
    public bool IsSameDevice(DiskDescription other) =>
        (other.GetType(), other.Name, other.Location, other.Model, other.SerialNumber) == (_description.GetType(), Name, Location, _description.Model, _description.SerialNumber);

    /// <summary>Takes other values over; a self-test under way goes on.</summary>
    public void Load(DiskDescription description)
    {
        lock (_lock)
        {
            if (ReferenceEquals(description, _description) && (_scsi is not null || _nvme is not null))
            {
                return;
            }

            _description = description;
            SelfTestRun run = _scsi?.SelfTest ?? _nvme?.SelfTest ?? new SelfTestRun(_time);
            (_scsi, _nvme) = description switch
            {
                AtaDescription ata => (new SatTarget(ata, run), null),
                ScsiDescription scsi => (new ScsiDisk(scsi, run), null),
                EnclosureDescription enclosure => (new EnclosureTarget(enclosure, run), null),
                NvmeDescription nvme => ((IScsiTarget?)null, new NvmeController(nvme, run)),
                _ => throw new ArgumentException("There is no such kind of disk.", nameof(description)),
            };
        }
    }

    /// <summary>From now on nobody answers.</summary>
    public void Pull() => _pulled = true;

    /// <inheritdoc/>
    public async ValueTask<ScsiResponse> ScsiAsync(ScsiCommand command, CancellationToken cancellationToken)
    {
        if (_scsi is null)
        {
            throw new HardwareException(HardwareFault.Unsupported, $"{Description} takes no SCSI commands.");
        }

        byte code = command.Cdb.Length > 0 ? command.Cdb.Span[0] : (byte)0;
        IReadOnlyList<ActiveFault> faults = await BeforeAsync(code, cancellationToken);
        if (faults.Any(f => f.Rule.Effect == FaultEffect.CompletionCode))
        {
            return ScsiSense.InternalFailure;
        }

        ScsiResponse answer;
        lock (_lock)
        {
            answer = _scsi.Execute(command.Cdb.Span, command.Data.Span);
        }

        ReadOnlyMemory<byte> data = answer.Data.Length > command.TransferLength ? answer.Data[..command.TransferLength] : answer.Data;
        return answer with { Data = faults.Count == 0 ? data : FaultGate.After(faults, data) };
    }

    /// <inheritdoc/>
    public async ValueTask<NvmeAdminResponse> NvmeAdminAsync(NvmeAdminCommand command, CancellationToken cancellationToken)
    {
        if (_nvme is null)
        {
            throw new HardwareException(HardwareFault.Unsupported, $"{Description} takes no NVMe commands.");
        }

        IReadOnlyList<ActiveFault> faults = await BeforeAsync(command.Opcode, cancellationToken);
        if (faults.FirstOrDefault(f => f.Rule.Effect == FaultEffect.CompletionCode) is { } fault)
        {
            return new NvmeAdminResponse(fault.Rule.CompletionCode, 0, default);
        }

        NvmeAdminResponse answer;
        lock (_lock)
        {
            answer = _nvme.Execute(command);
        }

        return faults.Count == 0 ? answer : answer with { Data = FaultGate.After(faults, answer.Data) };
    }

    private async ValueTask<IReadOnlyList<ActiveFault>> BeforeAsync(byte code, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _refresh();
        IReadOnlyList<ActiveFault> faults = await FaultGate.BeforeAsync(_faults, this, code, _time, cancellationToken);
        return _pulled ? throw new HardwareException(HardwareFault.Unavailable, $"{Description} is gone.") : faults;
    }
}
