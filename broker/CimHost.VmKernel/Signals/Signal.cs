using System.Diagnostics.CodeAnalysis;

namespace CimHost.VmKernel.Signals;

/// <summary>The signals of the kernel: these twelve and no others (POSIX.1-2017 &lt;signal.h&gt;; the numbers are those of Linux).</summary>
[SuppressMessage("Naming", "CA1707:Identifiers should not contain underscores", Justification = "The names of <signal.h>.")]
public enum Signal
{
    /// <summary>No signal: kill() only checks whether it would be allowed.</summary>
    None = 0,

    /// <summary>Hang-up; by convention: read the configuration again.</summary>
    SIGHUP = 1,

    /// <summary>Interrupt from the terminal.</summary>
    SIGINT = 2,

    /// <summary>Quit from the terminal.</summary>
    SIGQUIT = 3,

    /// <summary>Kill; cannot be caught, blocked or ignored.</summary>
    SIGKILL = 9,

    /// <summary>For the program's own use.</summary>
    SIGUSR1 = 10,

    /// <summary>For the program's own use.</summary>
    SIGUSR2 = 12,

    /// <summary>Written to a pipe or socket that nobody reads.</summary>
    SIGPIPE = 13,

    /// <summary>The time set with alarm() has passed.</summary>
    SIGALRM = 14,

    /// <summary>Terminate.</summary>
    SIGTERM = 15,

    /// <summary>A child ended, stopped or went on.</summary>
    SIGCHLD = 17,

    /// <summary>Go on, if stopped.</summary>
    SIGCONT = 18,

    /// <summary>Stop; cannot be caught, blocked or ignored.</summary>
    SIGSTOP = 19,
}
