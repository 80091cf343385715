using System.Diagnostics.CodeAnalysis;

namespace CimHost.VmKernel.SystemCalls;

/// <summary>Clocks (POSIX.1-2017 &lt;time.h&gt;; the values are those of Linux).</summary>
[SuppressMessage("Naming", "CA1707:Identifiers should not contain underscores", Justification = "The names of <time.h>.")]
public enum ClockId
{
    /// <summary>Since 1970-01-01 UTC.</summary>
    CLOCK_REALTIME = 0,

    /// <summary>From some point that does not move.</summary>
    CLOCK_MONOTONIC = 1,

    /// <summary>CPU time of the world.</summary>
    CLOCK_PROCESS_CPUTIME_ID = 2,

    /// <summary>CPU time of the thread.</summary>
    CLOCK_THREAD_CPUTIME_ID = 3,
}
