using System.Runtime.InteropServices;

namespace CimHost.VmKernel.Worlds.Native;

/// <summary>CPU time of threads of this process, by Linux's clocks.</summary>
internal static unsafe partial class ThreadClock
{
    private const int OwnThread = 3;

    // The clock of another thread is the complement of its id, shifted, with the bits "scheduler time" and "of a thread" (Linux,
    // include/linux/posix-timers.h).
    private const int ThreadSchedulerClock = 2 | 4;

    [ThreadStatic]
    private static int s_id;

    /// <summary>Id that the host's kernel gave to the calling thread.</summary>
    public static int CurrentThread => s_id != 0 ? s_id : s_id = ThreadId();

    /// <summary>CPU time of the calling thread in nanoseconds.</summary>
    public static long Now => Read(OwnThread);

    /// <summary>CPU time of a thread of this process in nanoseconds; 0 when it has gone.</summary>
    public static long Of(int hostThread) => Read((~hostThread << 3) | ThreadSchedulerClock);

    private static long Read(int clock)
    {
        TimeSpec time = default;
        return ClockGetTime(clock, &time) == 0 ? (time.Seconds * 1_000_000_000) + time.Nanoseconds : 0;
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    [SuppressGCTransition]
    private static partial int ClockGetTime(int clock, TimeSpec* time);

    [LibraryImport("libc", EntryPoint = "gettid")]
    [SuppressGCTransition]
    private static partial int ThreadId();

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
