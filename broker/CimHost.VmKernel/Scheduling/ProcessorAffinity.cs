using System.Numerics;
using System.Runtime.InteropServices;

namespace CimHost.VmKernel.Scheduling;

/// <summary>On which processors threads may run (sched_setaffinity(2)). What the system refuses, or a thread that is gone, changes nothing.</summary>
internal static unsafe partial class ProcessorAffinity
{
    // 1024 processors, as in glibc's cpu_set_t.
    private const int Words = 16;
    private const int Bytes = Words * sizeof(ulong);

    /// <summary>
    /// Takes the first processor of the host from a thread of any process, so that what computes without a pause leaves one to those that
    /// answer. Nothing happens when the thread would be left without a processor.
    /// </summary>
    public static void LeaveFirst(int threadId)
    {
        ulong* mask = stackalloc ulong[Words];
        if (!Read(Environment.ProcessId, mask))
        {
            return;
        }

        int first = First(mask);
        if (!Read(threadId, mask))
        {
            return;
        }

        mask[first / 64] &= ~(1UL << (first % 64));
        if (Span(mask).ContainsAnyExcept(0UL))
        {
            _ = Set(threadId, Bytes, mask);
        }
    }

    /// <summary>Keeps a thread on the last processor of the host.</summary>
    public static void UseLast(int threadId)
    {
        ulong* mask = stackalloc ulong[Words];
        if (Read(Environment.ProcessId, mask))
        {
            int last = Last(mask);
            Span(mask).Clear();
            mask[last / 64] = 1UL << (last % 64);
            _ = Set(threadId, Bytes, mask);
        }
    }

    private static int First(ulong* mask)
    {
        int word = Span(mask).IndexOfAnyExcept(0UL);
        return (word * 64) + BitOperations.TrailingZeroCount(mask[word]);
    }

    private static int Last(ulong* mask)
    {
        int word = Span(mask).LastIndexOfAnyExcept(0UL);
        return (word * 64) + 63 - BitOperations.LeadingZeroCount(mask[word]);
    }

    // A thread has one processor at least.
    private static bool Read(int threadId, ulong* mask)
    {
        Span(mask).Clear();
        return Get(threadId, Bytes, mask) == 0 && Span(mask).ContainsAnyExcept(0UL);
    }

    private static Span<ulong> Span(ulong* mask) => new(mask, Words);

    // glibc's function, unlike the system call, returns 0.
    [LibraryImport("libc", EntryPoint = "sched_getaffinity")]
    private static partial int Get(int threadId, nuint bytes, ulong* mask);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity")]
    private static partial int Set(int threadId, nuint bytes, ulong* mask);
}
