namespace CimHost.VmKernel.Signals;

/// <summary>What POSIX.1-2017 §2.4 says of each signal of the kernel: whether it exists, its default action, whether it can be caught.</summary>
internal static class SignalRules
{
    /// <summary>Every signal.</summary>
    public static SignalSet All { get; } = SignalSet.Of(
        Signal.SIGHUP, Signal.SIGINT, Signal.SIGQUIT, Signal.SIGKILL, Signal.SIGUSR1, Signal.SIGUSR2,
        Signal.SIGPIPE, Signal.SIGALRM, Signal.SIGTERM, Signal.SIGCHLD, Signal.SIGCONT, Signal.SIGSTOP);

    /// <summary>Those that can be neither caught nor blocked nor ignored.</summary>
    public static SignalSet Unblockable { get; } = SignalSet.Of(Signal.SIGKILL, Signal.SIGSTOP);

    /// <summary>Throws EINVAL unless it is a signal of the kernel.</summary>
    public static void Check(Signal signal)
    {
        if (!IsKnown(signal))
        {
            throw new KernelException(Errno.EINVAL, $"Signal {(int)signal} is not one of the kernel's signals.");
        }
    }

    /// <summary>Whether it is a signal of the kernel.</summary>
    public static bool IsKnown(Signal signal) => (int)signal is > 0 and < 32 && All.Contains(signal);

    /// <summary>Whether the default action ends the world.</summary>
    public static bool TerminatesByDefault(Signal signal) => signal is not (Signal.SIGCHLD or Signal.SIGCONT or Signal.SIGSTOP);
}
