using CimHost.Sdk.Hardware;

namespace CimHost.VmKernel.Devices.Capture.Recording;

/// <summary>A disk whose answers are written down. What it answered well once it is not asked again: a capture is a still picture.</summary>
internal sealed class RecordingDiskPort(IDiskPort port, CommandLog log, RecordingLimits limits) : IDiskPort, IRecordingPort
{
    public object Inner => port;

    public string Name => port.Name;

    public string Description => port.Description;

    public DiskProtocol Protocol => port.Protocol;

    public string Location => port.Location;

    public async ValueTask<ScsiResponse> ScsiAsync(ScsiCommand command, CancellationToken cancellationToken)
    {
        (byte[] cdb, byte[] sent) = (command.Cdb.ToArray(), command.Data.ToArray());
        if (Known(cdb, sent) is { } known)
        {
            return new ScsiResponse(0, known.Sense, known.Data);
        }

        try
        {
            ScsiResponse response = await port.ScsiAsync(command, cancellationToken);
            Add(new Exchange(cdb) { Sent = sent, Status = response.Status, Sense = response.Sense.ToArray(), Data = response.Data.ToArray() });
            return response;
        }
        catch (HardwareException e)
        {
            Add(new Exchange(cdb) { Sent = sent, Fault = CapturedFault.Of(e) });
            throw;
        }
    }

    public async ValueTask<NvmeAdminResponse> NvmeAdminAsync(NvmeAdminCommand command, CancellationToken cancellationToken)
    {
        (byte[] request, byte[] sent) = (CommandKeys.Of(command), command.Data.ToArray());
        if (Known(request, sent) is { } known)
        {
            return new NvmeAdminResponse(0, known.Result, known.Data);
        }

        try
        {
            NvmeAdminResponse response = await port.NvmeAdminAsync(command, cancellationToken);
            Add(new Exchange(request) { Sent = sent, Status = response.Status, Result = response.Result, Data = response.Data.ToArray() });
            return response;
        }
        catch (HardwareException e)
        {
            Add(new Exchange(request) { Sent = sent, Fault = CapturedFault.Of(e) });
            throw;
        }
    }

    private Exchange? Known(byte[] request, byte[] sent) =>
        log.Exchanges.TryGetValue(Exchange.KeyOf(request, sent), out Exchange? known) && known.Rank == 2 ? known : null;

    private void Add(Exchange exchange)
    {
        if (limits.Take(exchange.Size))
        {
            log.Add(exchange);
        }
    }
}
