using System.Diagnostics.CodeAnalysis;
using CimHost.Providers.Storage.Wire.Ata;
using CimHost.Providers.Storage.Wire.Scsi;
using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Storage.Devices;

/// <summary>Sends commands to one device: at most as many at once as configured, each within its time, answers checked for success.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A SemaphoreSlim whose wait handle nobody takes has nothing to dispose of.")]
internal sealed class DiskCommands(IDiskPort port, StorageOptions options)
{
    private const byte CheckCondition = 0x02;
    private readonly SemaphoreSlim _slots = new(options.CommandsPerDevice);

    public IDiskPort Port => port;

    /// <summary>Sends a SCSI command and returns the answer whatever its status.</summary>
    public async ValueTask<ScsiResponse> SendAsync(ScsiCommand command, CancellationToken cancellationToken)
    {
        await _slots.WaitAsync(cancellationToken);
        try
        {
            return await port.ScsiAsync(command with { TimeLimit = options.CommandTimeout }, cancellationToken);
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <summary>The data of a SCSI command.</summary>
    /// <exception cref="HardwareException">Unsupported: the device does not know the command or the page. Unavailable: it could not carry it out.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(ScsiCommand command, CancellationToken cancellationToken)
    {
        ScsiResponse response = await SendAsync(command, cancellationToken);
        return response.IsGood ? response.Data : throw Refused(response, $"command {command.Cdb.Span[0]:X2}h");
    }

    /// <summary>The data of an ATA command.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(AtaCommand command, bool twelve, CancellationToken cancellationToken)
    {
        ScsiResponse response = await SendAsync(command.ToScsi(twelve), cancellationToken);
        if (response.IsGood)
        {
            return response.Data;
        }

        // Some translations give the registers back although they were not asked for them.
        if (AtaStatusReturn.TryRead(response.Sense.Span, out AtaStatusReturn registers))
        {
            return !registers.IsError
                ? response.Data
                : throw new HardwareException(HardwareFault.Unsupported, $"{port.Name} refused ATA command {command.Command:X2}h (error {registers.Error:X2}h).");
        }

        throw Refused(response, $"ATA command {command.Command:X2}h");
    }

    /// <summary>The registers after an ATA command that moves no data; null when the translation does not give them back.</summary>
    public async ValueTask<AtaStatusReturn?> RegistersAsync(AtaCommand command, bool twelve, CancellationToken cancellationToken)
    {
        ScsiResponse response = await SendAsync(command.ToScsi(twelve), cancellationToken);
        if (AtaStatusReturn.TryRead(response.Sense.Span, out AtaStatusReturn registers))
        {
            return !registers.IsError
                ? registers
                : throw new HardwareException(HardwareFault.Unsupported, $"{port.Name} refused ATA command {command.Command:X2}h (error {registers.Error:X2}h).");
        }

        return response.IsGood ? null : throw Refused(response, $"ATA command {command.Command:X2}h");
    }

    /// <summary>The answer of an NVMe command that succeeded.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(NvmeAdminCommand command, CancellationToken cancellationToken)
    {
        await _slots.WaitAsync(cancellationToken);
        try
        {
            NvmeAdminResponse response = await port.NvmeAdminAsync(command with { TimeLimit = options.CommandTimeout }, cancellationToken);
            return response.IsSuccess
                ? response.Data
                : throw new HardwareException(HardwareFault.Unsupported, $"{port.Name} refused NVMe admin command {command.Opcode:X2}h (status {response.Status:X3}h).");
        }
        finally
        {
            _slots.Release();
        }
    }

    private HardwareException Refused(ScsiResponse response, string what)
    {
        const byte IllegalRequest = 5;
        if (response.Status != CheckCondition || !ScsiSenseData.TryRead(response.Sense.Span, out ScsiSenseData sense))
        {
            return new HardwareException(HardwareFault.Unavailable, $"{port.Name} did not carry out {what} (status {response.Status:X2}h).");
        }

        return new HardwareException(
            sense.Key == IllegalRequest ? HardwareFault.Unsupported : HardwareFault.Unavailable,
            $"{port.Name} did not carry out {what} (sense {sense.Key:X}h/{sense.Code:X2}h/{sense.Qualifier:X2}h).");
    }
}
