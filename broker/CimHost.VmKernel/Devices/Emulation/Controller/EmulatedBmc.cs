using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices.Emulation.Description;
using CimHost.VmKernel.Devices.Emulation.Faults;

namespace CimHost.VmKernel.Devices.Emulation.Controller;

/// <summary>
/// The management controller of an emulated machine: takes the bytes of a command, lets the machine look at its files, lets the fault
/// rules act, and answers as the specification says.
/// </summary>
internal sealed class EmulatedBmc : IIpmiPort
{
    private static readonly TimeSpan s_evaluation = TimeSpan.FromMilliseconds(500);
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly FaultRules _faults;
    private readonly Action _refresh;
    private readonly BmcState _state;
    private long _evaluated;

    /// <param name="description">What the files say.</param>
    /// <param name="machine">Where the machine is described, for people.</param>
    /// <param name="faults">Rules in force.</param>
    /// <param name="time">Clock of the controller.</param>
    /// <param name="refresh">Called before each command; looks whether the files changed.</param>
    public EmulatedBmc(BmcDescription description, string machine, FaultRules faults, TimeProvider time, Action refresh)
    {
        (_faults, _time, _refresh) = (faults, time, refresh);
        _state = new BmcState(description, time);
        _evaluated = time.GetTimestamp();
        Name = description.Device.Port;
        Description = $"emulated machine {machine}";
    }

    public string Name { get; }

    public string Description { get; }

    public int Concurrency => _state.Description.Device.Concurrency;

    public void Load(BmcDescription description)
    {
        lock (_lock)
        {
            _state.Load(description);
        }
    }

    public async ValueTask<IpmiResponse> SendAsync(IpmiRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _refresh();
        IReadOnlyList<ActiveFault> faults = _faults.Active.Count == 0 ? [] : Matching(request);
        if (faults.Count > 0 && await FaultGate.BeforeAsync(faults, Name, _state.Description.Device.Timeout, _time, cancellationToken) is { } instead)
        {
            return instead;
        }

        IpmiResponse answer;
        lock (_lock)
        {
            _state.Advance();
            Evaluate();
            answer = (request.IsBridged ? SatelliteCommands.Run(_state, request) : BmcCommands.Run(_state, request))
                ?? throw new HardwareException(HardwareFault.Unavailable, $"{Name}: no controller answers at {request.Target:X2}h on channel {request.Channel}.");
        }

        return faults.Count == 0 ? answer : answer with { Data = FaultGate.After(faults, answer.Data) };
    }

    private List<ActiveFault> Matching(IpmiRequest request)
    {
        BmcCommand? command = BmcCommands.Find(request);
        string? sensor = null;
        if (command?.Subject == CommandSubject.Sensor && request.Data.Length > 0)
        {
            lock (_lock)
            {
                sensor = _state.Sensor(request)?.Description.Name;
            }
        }

        return _faults.Active.Where(f => FaultGate.Matches(f.Rule, Name, request, command, sensor) && f.Act()).ToList();
    }

    /// <summary>Values that move are looked at twice a second; the others change with the files only.</summary>
    private void Evaluate()
    {
        if (_time.GetElapsedTime(_evaluated) >= s_evaluation)
        {
            _evaluated = _time.GetTimestamp();
            _state.Evaluate();
        }
    }
}
