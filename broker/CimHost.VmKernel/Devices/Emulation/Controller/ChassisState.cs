using CimHost.VmKernel.Devices.Emulation.Description;

namespace CimHost.VmKernel.Devices.Emulation.Controller;

/// <summary>
/// Power, policy and identify light of the chassis: what the file describes, and what commands changed since. What was changed by command
/// holds until the part of the file that describes it changes. Times are seconds of the machine's running time.
/// </summary>
internal sealed class ChassisState(ChassisDescription description)
{
    // Bits of Get Chassis Status (IPMI 2.0 §28.3).
    private const byte PoweredOnByCommand = 0x10;
    private const byte IdentifySupported = 0x40, IdentifyTimed = 0x10, IdentifyForever = 0x20;
    private const int PolicyShift = 5;

    private ChassisDescription _description = description;
    private byte _lastPowerEvent = description.Status[1];
    private byte _policy = Policy(description);
    private byte _restartCause = description.RestartCause[0];
    private double _identifyUntil = double.NegativeInfinity;
    private (double At, bool On, byte Cause)? _pending;

    /// <summary>The machine has power.</summary>
    public bool IsOn { get; private set; } = IsOnIn(description);

    /// <summary>How long the machine stays off in a power cycle, in seconds; set by command (§28.9).</summary>
    public byte CycleSeconds { get; set; } = 1;

    /// <summary>The file says that the chassis is open.</summary>
    public bool IsOpen => (_description.Status[2] & ChassisDescription.Intrusion) != 0;

    /// <summary>Answer of Get System Restart Cause (§28.11).</summary>
    public byte[] RestartCause => [_restartCause, _description.RestartCause[1]];

    /// <summary>Answer of Get ACPI Power State (§20.7): soft off when the machine is off.</summary>
    public byte[] AcpiState => IsOn ? _description.AcpiState : [0x05, 0x03];

    /// <summary>Takes a new description.</summary>
    public void Load(ChassisDescription description)
    {
        if (IsOnIn(description) != IsOnIn(_description) || description.Status[1] != _description.Status[1])
        {
            (IsOn, _lastPowerEvent, _pending) = (IsOnIn(description), description.Status[1], null);
        }

        _policy = Policy(description) != Policy(_description) ? Policy(description) : _policy;

        if (!description.RestartCause.AsSpan().SequenceEqual(_description.RestartCause))
        {
            _restartCause = description.RestartCause[0];
        }

        _description = description;
    }

    /// <summary>Lets what is due happen; true when the power changed.</summary>
    public bool Advance(double now)
    {
        bool changed = false;
        while (_pending is { } due && due.At <= now)
        {
            _pending = null;
            changed |= IsOn != due.On;
            if (due.On)
            {
                Start(due.Cause);
            }
            else
            {
                IsOn = false;
            }
        }

        return changed;
    }

    /// <summary>Switches the machine on; nothing happens when it is.</summary>
    /// <param name="cause">Restart cause (§28.11).</param>
    public void SwitchOn(byte cause)
    {
        _pending = null;
        if (!IsOn)
        {
            Start(cause);
            _lastPowerEvent = PoweredOnByCommand;
        }
    }

    /// <summary>Takes the power away.</summary>
    public void SwitchOff()
    {
        (_pending, IsOn, _lastPowerEvent) = (null, false, 0);
    }

    /// <summary>Takes the power away and gives it back after <see cref="CycleSeconds"/>.</summary>
    public void Cycle(double now, byte cause)
    {
        SwitchOff();
        _pending = (now + CycleSeconds, true, cause);
    }

    /// <summary>Resets the processors; the power stays.</summary>
    public void Reset(byte cause)
    {
        (_pending, _restartCause) = (null, cause);
    }

    /// <summary>Asks the operating system to shut down; it takes its time.</summary>
    public void ShutDown(double now)
    {
        _pending = (now + _description.SoftOffSeconds, false, 0);
        _lastPowerEvent = 0;
    }

    /// <summary>§28.8: policies are 0 off, 1 previous, 2 on; 3 changes nothing.</summary>
    public void SetPolicy(byte policy) => _policy = policy <= 2 ? policy : _policy;

    /// <summary>§28.5: lights the identify light for some seconds (0: not any more), or until it is told otherwise.</summary>
    public void Identify(double now, byte seconds, bool forever) =>
        _identifyUntil = forever ? double.PositiveInfinity : seconds == 0 ? double.NegativeInfinity : now + seconds;

    /// <summary>Answer of Get Chassis Status.</summary>
    /// <param name="now">The time.</param>
    /// <param name="isOpen">The chassis is open, whoever says so.</param>
    public byte[] Status(double now, bool isOpen)
    {
        byte identify = double.IsPositiveInfinity(_identifyUntil) ? IdentifyForever : now < _identifyUntil ? IdentifyTimed : (byte)0;
        byte power = (byte)((_description.Status[0] & ~(ChassisDescription.PowerOn | (3 << PolicyShift))) | (IsOn ? ChassisDescription.PowerOn : 0) | (_policy << PolicyShift));
        byte misc = (byte)((_description.Status[2] & 0x0F) | (isOpen ? ChassisDescription.Intrusion : 0) | IdentifySupported | identify);
        return [power, _lastPowerEvent, misc];
    }

    private static bool IsOnIn(ChassisDescription description) => (description.Status[0] & ChassisDescription.PowerOn) != 0;

    private static byte Policy(ChassisDescription description) => (byte)((description.Status[0] >> PolicyShift) & 3);

    private void Start(byte cause)
    {
        (IsOn, _restartCause) = (true, cause);
    }
}
