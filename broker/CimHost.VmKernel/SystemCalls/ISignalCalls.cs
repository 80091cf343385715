using CimHost.VmKernel.Signals;

namespace CimHost.VmKernel.SystemCalls;

/// <summary>System calls on signals.</summary>
public interface ISignalCalls
{
    /// <summary>kill(): above 0 that world, 0 the own process group, -1 all others but init, below that group; no signal: only checks.</summary>
    ValueTask KillAsync(int id, Signal signal);

    /// <summary>sigaction(): the old action; null only asks for it.</summary>
    ValueTask<SignalAction> SigactionAsync(Signal signal, SignalAction? action);

    /// <summary>sigprocmask() of the calling thread: the old mask.</summary>
    ValueTask<SignalSet> SigprocmaskAsync(MaskChange how, SignalSet set);

    /// <summary>sigpending(): blocked signals that wait.</summary>
    ValueTask<SignalSet> SigpendingAsync();

    /// <summary>sigsuspend(): always fails with EINTR, after a handler has run.</summary>
    ValueTask SigsuspendAsync(SignalSet mask);

    /// <summary>pause(): always fails with EINTR, after a handler has run.</summary>
    ValueTask PauseAsync();

    /// <summary>alarm(): SIGALRM after so many seconds, 0 for none; the seconds that were left of the former one.</summary>
    ValueTask<int> AlarmAsync(int seconds);
}
