using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices.Capture.Live;
using CimHost.VmKernel.Devices.Emulation.Controller;
using CimHost.VmKernel.Devices.Emulation.Description;
using CimHost.VmKernel.Devices.Emulation.Faults;

namespace CimHost.VmKernel.Devices.Capture.Replay;

/// <summary>A captured management controller. What was never asked of it is answered with a completion code of IPMI 2.0 §5.2.</summary>
internal sealed class ReplayIpmiPort : IIpmiPort
{
    private readonly CommandLog _log;
    private readonly MissedRequests _missed;
    private readonly FaultRules _faults;
    private readonly TimeProvider _time;
    private readonly HashSet<(byte NetFn, byte Command)> _commands;
    private volatile IReadOnlyDictionary<string, IpmiResponse> _changes = new Dictionary<string, IpmiResponse>();

    public ReplayIpmiPort(CommandLog log, MissedRequests missed, FaultRules faults, TimeProvider time)
    {
        (_log, _missed, _faults, _time) = (log, missed, faults, time);
        _commands = [.. log.Exchanges.Values.Where(e => e.Request.Length >= 3).Select(e => (e.Request[0], e.Request[2]))];
        Description = log.Description;
        Described = CapturedController.Describe(log);
    }

    public string Name => _log.Name;

    public string Description { get; }

    public int Concurrency => _log.Concurrency;

    /// <summary>What can be changed of it, as it was.</summary>
    public BmcDescription Described { get; }

    /// <summary>Answers from now on what follows from a description with changes.</summary>
    public void Show(BmcDescription now) => _changes = CapturedController.Changes(Described, now);

    public async ValueTask<IpmiResponse> SendAsync(IpmiRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        IReadOnlyList<ActiveFault> faults = _faults.Active.Count == 0 ? [] : Matching(request);
        if (faults.Count > 0 && await FaultGate.BeforeAsync(faults, Name, CapturedController.Timeout, _time, cancellationToken) is { } instead)
        {
            return instead;
        }

        IpmiResponse answer = Find(request);
        return faults.Count == 0 ? answer : answer with { Data = FaultGate.After(faults, answer.Data) };
    }

    private IpmiResponse Find(IpmiRequest request)
    {
        byte[] bytes = CommandKeys.Of(request);
        string key = Exchange.KeyOf(bytes, []);
        if (_changes.TryGetValue(key, out IpmiResponse changed))
        {
            return changed;
        }

        if (!_log.Exchanges.TryGetValue(key, out Exchange? known))
        {
            _missed.Add(Name, $"the IPMI command {Convert.ToHexString(bytes)}");
            return Answer.Error(_commands.Contains((request.NetFn, request.Command)) ? CompletionCode.NotPresent : CompletionCode.InvalidCommand);
        }

        return known.Fault is { } fault ? throw fault.ToException() : new IpmiResponse((byte)known.Status, known.Data);
    }

    private List<ActiveFault> Matching(IpmiRequest request)
    {
        BmcCommand? command = BmcCommands.Find(request);
        string? sensor = command?.Subject == CommandSubject.Sensor && !request.IsBridged && request.Data.Length > 0
            ? Described.Sensors.FirstOrDefault(s => s.Number == request.Data.Span[0] && s.Lun == request.Lun)?.Name
            : null;
        return [.. _faults.Active.Where(f => FaultGate.Matches(f.Rule, Name, request, command, sensor) && f.Act())];
    }
}
