using System.Numerics;
using System.Runtime.InteropServices;

namespace CimHost.VmKernel.Scheduling;

/// <summary>On which processors threads may run (sched_setaffinity(2)).</summary>
internal static unsafe partial class ProcessorAffinity
{
    // 1024 processors, as in glibc's cpu_set_t.
    private const int Words = 16;
    private const int Bytes = Words * sizeof(ulong);

    /// <summary>
    /// Takes the first processor of the host from a thread of any process, so that what computes without a pause leaves one to those that
    /// answer: a thread that Linux has put behind a busy one waits for the next tick of its clock, up to 10 ms, whatever the priorities.
    /// Nothing happens when the thread would be left without a processor, or is gone.
    /// </summary>
    public static void LeaveFirst(int threadId)
    {
        ulong* mask = stackalloc ulong[Words];
        int first = First(mask);
        if (first < 0 || !Read(threadId, mask))
        {
            return;
        }

        mask[first / 64] &= ~(1UL << (first % 64));
        if (new ReadOnlySpan<ulong>(mask, Words).ContainsAnyExcept(0UL))
        {
            _ = Set(threadId, Bytes, mask);
        }
    }

    // The lowest of those that this process may use.
    private static int First(ulong* mask)
    {
        if (Read(Environment.ProcessId, mask))
        {
            for (int i = 0; i < Words; i++)
            {
                if (mask[i] != 0)
                {
                    return (i * 64) + BitOperations.TrailingZeroCount(mask[i]);
                }
            }
        }

        return -1;
    }

    private static bool Read(int threadId, ulong* mask)
    {
        new Span<ulong>(mask, Words).Clear();
        return Get(threadId, Bytes, mask) == 0;
    }

    [LibraryImport("libc", EntryPoint = "sched_getaffinity")]
    private static partial int Get(int threadId, nuint bytes, ulong* mask);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity")]
    private static partial int Set(int threadId, nuint bytes, ulong* mask);
}
