using System.Buffers.Binary;

namespace CimHost.VmKernel.Devices.Emulation.Controller;

/// <summary>The watchdog timer (IPMI 2.0 §27). Times are seconds of the machine's running time.</summary>
internal sealed class WatchdogState
{
    private const byte DontLog = 0x80, Running = 0x40;

    private byte[] _described;
    private byte _use;
    private byte _actions;
    private byte _preTimeout;
    private byte _expired;
    private ushort _initial;
    private bool _known;
    private double? _end;
    private double _stoppedAt;

    public WatchdogState(byte[] described)
    {
        _described = described;
        Describe(described);
    }

    /// <summary>What the timer does when it expires: 0 nothing, 1 reset, 2 power down, 3 power cycle.</summary>
    public int Action => _actions & 7;

    /// <summary>States of the watchdog sensor since the last expiration (table 42-3, type 23h): bit of the action that was taken.</summary>
    public ushort SensorStates { get; private set; }

    /// <summary>Takes a new description; what was set by command holds as long as it says the same.</summary>
    public void Load(byte[] described)
    {
        if (!described.AsSpan().SequenceEqual(_described))
        {
            _described = described;
            Describe(described);
        }
    }

    /// <summary>True once, when the timer has expired since the last look.</summary>
    public bool Expired(double now)
    {
        if (_end is not { } end || end > now)
        {
            return false;
        }

        _end = null;
        _stoppedAt = 0;
        _expired |= (byte)(1 << (_use & 7));
        SensorStates = (_use & DontLog) == 0 ? (ushort)(1 << Action) : (ushort)0;
        return true;
    }

    /// <summary>Set Watchdog Timer (§27.6), six bytes: stops the timer unless it is told to run on, and clears the flags that are named.</summary>
    public void Set(ReadOnlySpan<byte> data, double now)
    {
        bool runOn = (data[0] & Running) != 0 && _end is not null;
        (_use, _actions, _preTimeout) = ((byte)(data[0] & ~Running), data[1], data[2]);
        _expired &= (byte)~data[3];
        _initial = BinaryPrimitives.ReadUInt16LittleEndian(data[4..]);
        _end = runOn ? now + (_initial / 10.0) : null;
        (_stoppedAt, _known, SensorStates) = (_initial / 10.0, true, 0);
    }

    /// <summary>Reset Watchdog Timer (§27.5): starts it, or starts it again; false when it was never set.</summary>
    public bool Reset(double now)
    {
        if (_known)
        {
            (_end, SensorStates) = (now + (_initial / 10.0), 0);
        }

        return _known;
    }

    /// <summary>Answer of Get Watchdog Timer (§27.7).</summary>
    public byte[] Answer(double now)
    {
        byte[] answer = [(byte)(_use | (_end is not null ? Running : 0)), _actions, _preTimeout, _expired, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt16LittleEndian(answer.AsSpan(4), _initial);
        double left = _end is { } end ? end - now : _stoppedAt;
        BinaryPrimitives.WriteUInt16LittleEndian(answer.AsSpan(6), (ushort)Math.Clamp(Math.Round(left * 10), 0, ushort.MaxValue));
        return answer;
    }

    // The file gives an answer of Get Watchdog Timer: a timer that stands still, set by the firmware.
    private void Describe(byte[] described)
    {
        (_use, _actions, _preTimeout, _expired, _end) = ((byte)(described[0] & ~Running), described[1], described[2], described[3], null);
        _initial = BinaryPrimitives.ReadUInt16LittleEndian(described.AsSpan(4));
        (_stoppedAt, _known, SensorStates) = (_initial / 10.0, _initial != 0, 0);
    }
}
