using System.Runtime.InteropServices;

namespace CimHost.VmKernel.Scheduling.Queueing;

/// <summary>Processor time of threads (clock_gettime, POSIX.1-2017) and what else Linux tells and does per thread.</summary>
internal static partial class ThreadClock
{
    private const int ThisThread = 3;
    private const int IdlePolicy = 5;

    // The clock of another thread is the complement of its number, shifted, with the bits "scheduler time" and "of a thread" (Linux,
    // include/linux/posix-timers.h).
    private const int ThreadSchedulerClock = 2 | 4;

    [ThreadStatic]
    private static int t_id;

    /// <summary>Processor time that the calling thread has used, in nanoseconds.</summary>
    public static long Now()
    {
        // CLOCK_THREAD_CPUTIME_ID; it cannot fail.
        _ = GetTime(ThisThread, out TimeSpec time);
        return time.Nanoseconds;
    }

    /// <summary>The clock of the calling thread, for others to read.</summary>
    public static int Own()
    {
        int error = GetClockId(GetSelf(), out int clock);
        return error == 0 ? clock : throw new KernelException(Errno.EOPNOTSUPP, $"The processor time of a thread cannot be read (errno {error}).");
    }

    /// <summary>Processor time of the thread of a clock in nanoseconds; 0 once it has ended.</summary>
    public static long Read(int clock) => GetTime(clock, out TimeSpec time) == 0 ? time.Nanoseconds : 0;

    /// <summary>Number of the calling thread in the system.</summary>
    public static int ThreadId() => t_id != 0 ? t_id : t_id = GetThreadId();

    /// <summary>Processor time of a thread of this process in nanoseconds; 0 once it has ended.</summary>
    public static long Of(int threadId) => Read((~threadId << 3) | ThreadSchedulerClock);

    /// <summary>Whether a thread of this process runs or is ready to (proc(5), state "R" of /proc/self/task/N/stat); null when that cannot be read.</summary>
    public static bool? IsRunnable(int threadId)
    {
        try
        {
            string text = File.ReadAllText($"/proc/self/task/{threadId}/stat");

            // The name, field 2, is in parentheses and may hold spaces.
            int state = text.LastIndexOf(')') + 2;
            return state >= 2 && state < text.Length ? text[state] == 'R' : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>
    /// Lets a thread run only when a processor is idle (SCHED_IDLE, sched(7)): every other one takes over from it when it is woken. There is
    /// no way back without privileges.
    /// </summary>
    public static void Demote(int threadId)
    {
        int priority = 0;
        _ = SetScheduler(threadId, IdlePolicy, ref priority);
    }

    /// <summary>Suspends the calling thread for less than the millisecond that is the least for .NET, in nanoseconds up to a second.</summary>
    public static void Sleep(long nanoseconds)
    {
        // Woken early by a signal, it has slept enough.
        var time = new TimeSpec(nanoseconds);
        _ = Nanosleep(in time, 0);
    }

    [LibraryImport("libc", EntryPoint = "nanosleep")]
    private static partial int Nanosleep(in TimeSpec time, nint left);

    [LibraryImport("libc", EntryPoint = "clock_gettime"), SuppressGCTransition]
    private static partial int GetTime(int clock, out TimeSpec time);

    [LibraryImport("libc", EntryPoint = "pthread_self")]
    private static partial nint GetSelf();

    [LibraryImport("libc", EntryPoint = "pthread_getcpuclockid")]
    private static partial int GetClockId(nint thread, out int clock);

    [LibraryImport("libc", EntryPoint = "gettid")]
    private static partial int GetThreadId();

    // Linux takes the number of a thread (sched_setscheduler(2), "C library/kernel differences").
    [LibraryImport("libc", EntryPoint = "sched_setscheduler")]
    private static partial int SetScheduler(int threadId, int policy, ref int priority);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct TimeSpec(long nanoseconds)
    {
        private readonly nint Seconds = (nint)(nanoseconds / 1_000_000_000L);
        private readonly nint NanosecondsPart = (nint)(nanoseconds % 1_000_000_000L);

        public long Nanoseconds => (Seconds * 1_000_000_000L) + NanosecondsPart;
    }
}
