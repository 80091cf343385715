using CimHost.Sdk.Hardware;

namespace CimHost.VmKernel.Devices.Capture.Replay;

/// <summary>A captured management controller. What was never asked of it is answered with a completion code of IPMI 2.0 §5.2.</summary>
internal sealed class ReplayIpmiPort : IIpmiPort
{
    private const byte InvalidCommand = 0xC1, NotPresent = 0xCB;

    private readonly CommandLog _log;
    private readonly MissedRequests _missed;
    private readonly HashSet<(byte NetFn, byte Command)> _commands;

    public ReplayIpmiPort(CommandLog log, MissedRequests missed)
    {
        (_log, _missed) = (log, missed);
        _commands = [.. log.Exchanges.Values.Where(e => e.Request.Length >= 3).Select(e => (e.Request[0], e.Request[2]))];
    }

    public string Name => _log.Name;

    public string Description => _log.Description;

    public int Concurrency => _log.Concurrency;

    public ValueTask<IpmiResponse> SendAsync(IpmiRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        byte[] bytes = CommandKeys.Of(request);
        if (!_log.Exchanges.TryGetValue(Exchange.KeyOf(bytes, []), out Exchange? known))
        {
            _missed.Add(Name, $"the IPMI command {Convert.ToHexString(bytes)}");
            byte code = _commands.Contains((request.NetFn, request.Command)) ? NotPresent : InvalidCommand;
            return ValueTask.FromResult(new IpmiResponse(code, default));
        }

        return known.Fault is { } fault
            ? ValueTask.FromException<IpmiResponse>(fault.ToException())
            : ValueTask.FromResult(new IpmiResponse((byte)known.Status, known.Data));
    }
}
