namespace CimHost.VmKernel.Signals;

/// <summary>The signal actions of one world. Callers hold the lock of the world table.</summary>
internal sealed class SignalActions
{
    private readonly SignalAction[] _actions = new SignalAction[32];

    public SignalActions() => Array.Fill(_actions, SignalAction.Default);

    public SignalAction this[Signal signal]
    {
        get => _actions[(int)signal];
        set => _actions[(int)signal] = value;
    }

    /// <summary>Whether the signal does nothing when it is taken.</summary>
    public bool IsIgnored(Signal signal) => this[signal].Disposition switch
    {
        SignalDisposition.Ignore => true,
        SignalDisposition.Default => signal is Signal.SIGCHLD or Signal.SIGCONT,
        _ => false,
    };

    /// <summary>Whether children leave no zombie (POSIX.1-2017 _exit(): SIGCHLD ignored or SA_NOCLDWAIT).</summary>
    public bool ReapsChildren =>
        this[Signal.SIGCHLD].Disposition == SignalDisposition.Ignore || (this[Signal.SIGCHLD].Flags & SignalFlags.SA_NOCLDWAIT) != 0;

    /// <summary>What a program that starts has: handlers are default again, ignored signals stay ignored (POSIX.1-2017 exec).</summary>
    /// <param name="defaults">Signals that are default in any case (POSIX_SPAWN_SETSIGDEF).</param>
    public SignalActions ForNewProgram(SignalSet defaults)
    {
        var copy = new SignalActions();
        for (int number = 1; number < _actions.Length; number++)
        {
            if (_actions[number].Disposition == SignalDisposition.Ignore && !defaults.Contains((Signal)number))
            {
                copy._actions[number] = SignalAction.Ignore;
            }
        }

        return copy;
    }
}
