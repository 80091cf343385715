using CimHost.Sdk.Hardware;

namespace CimHost.VmKernel.Devices.Capture.Recording;

/// <summary>A management controller whose answers are written down. What it answered once it is not asked again: a capture is a still picture.</summary>
internal sealed class RecordingIpmiPort(IIpmiPort port, CommandLog log, RecordingLimits limits) : IIpmiPort, IRecordingPort
{
    public object Inner => port;

    public string Name => port.Name;

    public string Description => port.Description;

    public int Concurrency => port.Concurrency;

    public async ValueTask<IpmiResponse> SendAsync(IpmiRequest request, CancellationToken cancellationToken)
    {
        byte[] bytes = CommandKeys.Of(request);
        if (!CommandKeys.IsReserved(request) && log.Exchanges.TryGetValue(Exchange.KeyOf(bytes, []), out Exchange? known) && known.Rank == 2)
        {
            return new IpmiResponse(0, known.Data);
        }

        try
        {
            IpmiResponse response = await port.SendAsync(request, cancellationToken);
            Add(new Exchange(bytes) { Status = response.CompletionCode, Data = response.Data.ToArray() });
            return response;
        }
        catch (HardwareException e)
        {
            Add(new Exchange(bytes) { Fault = CapturedFault.Of(e) });
            throw;
        }
    }

    private void Add(Exchange exchange)
    {
        if (limits.Take(exchange.Size))
        {
            log.Add(exchange);
        }
    }
}
