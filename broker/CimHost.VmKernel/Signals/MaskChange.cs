using System.Diagnostics.CodeAnalysis;

namespace CimHost.VmKernel.Signals;

/// <summary>How sigprocmask() changes the mask (the values are those of Linux).</summary>
[SuppressMessage("Naming", "CA1707:Identifiers should not contain underscores", Justification = "The names of <signal.h>.")]
public enum MaskChange
{
    /// <summary>The signals are blocked besides those that are.</summary>
    SIG_BLOCK = 0,

    /// <summary>The signals are not blocked any more.</summary>
    SIG_UNBLOCK = 1,

    /// <summary>These signals are blocked and no others.</summary>
    SIG_SETMASK = 2,
}
