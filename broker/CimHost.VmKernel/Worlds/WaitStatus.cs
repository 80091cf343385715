using CimHost.VmKernel.Signals;

namespace CimHost.VmKernel.Worlds;

/// <summary>How a world ended, stopped or went on (POSIX.1-2017 &lt;sys/wait.h&gt;), in the encoding of Linux.</summary>
/// <param name="Raw">The value that wait() stores.</param>
public readonly record struct WaitStatus(int Raw)
{
    /// <summary>
    /// Signal number in the status of a world that crashed: that of SIGABRT, which also ends a child process whose runtime gives up, so
    /// that both kinds of worlds show a crash alike. It cannot be sent.
    /// </summary>
    public const int CrashSignal = 6;

    private const int ContinuedValue = 0xffff;
    private const int StoppedMark = 0x7f;

    /// <summary>WIFEXITED.</summary>
    public bool IsExited => (Raw & 0x7f) == 0;

    /// <summary>WEXITSTATUS: 0 to 255.</summary>
    public int ExitCode => (Raw >> 8) & 0xff;

    /// <summary>WIFSIGNALED.</summary>
    public bool IsSignaled => (Raw & 0x7f) is not (0 or StoppedMark);

    /// <summary>WTERMSIG; for a process world also numbers that cannot be sent, as that of SIGSEGV.</summary>
    public int TerminatingSignal => Raw & 0x7f;

    /// <summary>WIFSTOPPED.</summary>
    public bool IsStopped => (Raw & 0xff) == StoppedMark;

    /// <summary>WSTOPSIG.</summary>
    public int StoppingSignal => (Raw >> 8) & 0xff;

    /// <summary>WIFCONTINUED.</summary>
    public bool IsContinued => Raw == ContinuedValue;

    /// <summary>The status after SIGCONT.</summary>
    public static WaitStatus Continued => new(ContinuedValue);

    /// <summary>The status after SIGSTOP.</summary>
    public static WaitStatus Stopped => new(((int)Signal.SIGSTOP << 8) | StoppedMark);

    /// <summary>Ended by exit().</summary>
    /// <param name="code">Exit code; only the lowest eight bits count.</param>
    public static WaitStatus Exited(int code) => new((code & 0xff) << 8);

    /// <summary>Ended by a signal.</summary>
    /// <param name="signal">Its number.</param>
    public static WaitStatus Signaled(int signal) => new(signal & 0x7f);

    /// <inheritdoc/>
    public override string ToString() => this switch
    {
        { IsContinued: true } => "continued",
        { IsExited: true } => $"exited with {ExitCode}",
        { IsStopped: true } => "stopped",
        { TerminatingSignal: CrashSignal } => "crashed",
        _ => SignalRules.IsKnown((Signal)TerminatingSignal) ? $"killed by {(Signal)TerminatingSignal}" : $"killed by signal {TerminatingSignal}",
    };
}
