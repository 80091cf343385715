using System.Diagnostics.CodeAnalysis;

namespace CimHost.VmKernel.Signals;

/// <summary>Flags of a signal action (POSIX.1-2017 sigaction(); the values are those of Linux).</summary>
[Flags]
[SuppressMessage("Naming", "CA1707:Identifiers should not contain underscores", Justification = "The names of <signal.h>.")]
public enum SignalFlags
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>SIGCHLD only when a child ends, not when it stops or goes on.</summary>
    SA_NOCLDSTOP = 1,

    /// <summary>Children that end leave no zombie.</summary>
    SA_NOCLDWAIT = 2,

    /// <summary>Calls that can be restarted go on after the handler instead of failing with EINTR.</summary>
    SA_RESTART = 0x10000000,

    /// <summary>The signal is not blocked while its handler runs.</summary>
    SA_NODEFER = 0x40000000,

    /// <summary>The action is the default one again when the handler starts.</summary>
    SA_RESETHAND = unchecked((int)0x80000000),
}
