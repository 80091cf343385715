using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace CimHost.VmKernel.Scheduling.Confinement;

/// <summary>Resource limits, priorities and clocks of other processes (prlimit(2), setpriority(2), clock_getcpuclockid(3)).</summary>
internal static partial class ProcessResources
{
    public const int Data = 2;
    public const int Processes = 6;
    public const int AddressSpace = 9;
    private const int NoSuchProcess = 3;
    private const int TryAgain = 11;
    private const int SessionField = 6;
    private const int StartTimeField = 22;
    private const ulong Infinity = ulong.MaxValue;

    /// <summary>Sets soft and hard limit.</summary>
    /// <exception cref="KernelException">ESRCH or EPERM.</exception>
    public static void Limit(int processId, int resource, long limit, string what)
    {
        ulong value = limit == long.MaxValue ? Infinity : (ulong)limit;
        var wanted = new Limits { Soft = value, Hard = value };
        if (SetLimit(processId, resource, ref wanted, 0) < 0)
        {
            throw Failure(processId, what, Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>Sets the nice value of every thread of a process; false when the system does not allow it.</summary>
    public static bool SetNice(int processId, int nice)
    {
        bool allowed = true;
        ForEachThread(processId, thread => allowed &= SetPriority(0, thread, nice) == 0 || Marshal.GetLastPInvokeError() == NoSuchProcess);
        return allowed;
    }

    /// <summary>Keeps every thread of a process off the host's first processor.</summary>
    public static void LeaveFirstProcessor(int processId) => ForEachThread(processId, ProcessorAffinity.LeaveFirst);

    /// <summary>
    /// Sets the nice value of the session that a process leads, by which Linux weighs all its processes together against other sessions
    /// (sched(7), "The autogroup feature"; those of its threads count within it only). Without that feature nothing happens.
    /// </summary>
    /// <returns>False when the system wants to be asked again: it takes one change in 0.1 s from users without privileges.</returns>
    public static bool TrySetSessionNice(int processId, int nice)
    {
        if (StatField(processId, SessionField) is not { } session || session != processId.ToString(CultureInfo.InvariantCulture))
        {
            return true;
        }

        try
        {
            using var file = new FileStream($"/proc/{processId}/autogroup", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            file.Write(Encoding.ASCII.GetBytes(nice.ToString(CultureInfo.InvariantCulture)));
            return true;
        }
        catch (IOException e) when (e.HResult == TryAgain)
        {
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    /// <summary>Processor time of a process with all its threads; null when it is gone.</summary>
    public static TimeSpan? CpuTime(int processId)
    {
        // What clock_getcpuclockid makes of a process number: CPUCLOCK_SCHED of the process.
        int clock = (~processId << 3) | 2;
        return GetTime(clock, out TimeSpec time) == 0 ? TimeSpan.FromTicks((time.Seconds * TimeSpan.TicksPerSecond) + (time.Nanoseconds / 100)) : null;
    }

    /// <summary>When a process started, in ticks since the system did; null when there is none.</summary>
    public static string? StartTime(int processId) => StatField(processId, StartTimeField);

    /// <summary>A line of /proc/PID/status in kB, as bytes.</summary>
    public static long StatusBytes(int processId, string key) => Status(processId, key) * 1_024;

    /// <summary>Threads of all processes of the user of a process.</summary>
    public static long ThreadsOfUser(int processId)
    {
        long user = Status(processId, "Uid");
        return Numbers("/proc").Where(p => Status(p, "Uid") == user).Sum(p => Status(p, "Threads"));
    }

    /// <summary>A process and all that descend from it.</summary>
    public static List<int> Family(int processId)
    {
        var parents = Numbers("/proc").ToDictionary(p => p, p => (int)Status(p, "PPid"));
        var family = new List<int> { processId };
        for (int i = 0; i < family.Count; i++)
        {
            family.AddRange(parents.Where(p => p.Value == family[i] && !family.Contains(p.Key)).Select(p => p.Key));
        }

        return family;
    }

    // Linux keeps such values per thread, and new threads take those of the one that starts them: a second look finds those of the first.
    private static void ForEachThread(int processId, Action<int> change)
    {
        for (int look = 0; look < 2; look++)
        {
            Numbers($"/proc/{processId}/task").ForEach(change);
        }
    }

    // A field of /proc/PID/stat by its number in proc(5), from 3 on.
    private static string? StatField(int processId, int number)
    {
        try
        {
            // The name in field 2 is in parentheses and may contain anything.
            string stat = File.ReadAllText($"/proc/{processId}/stat");
            string[] fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return fields.Length > number - 3 ? fields[number - 3] : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static long Status(int processId, string key)
    {
        try
        {
            string? line = File.ReadLines($"/proc/{processId}/status").FirstOrDefault(l => l.StartsWith($"{key}:", StringComparison.Ordinal));
            string[] fields = (line ?? string.Empty).Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            return fields.Length > 1 && long.TryParse(fields[1], out long number) ? number : -1;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return -1;
        }
    }

    private static List<int> Numbers(string directory)
    {
        try
        {
            return [.. Directory.EnumerateDirectories(directory).Select(d => int.TryParse(Path.GetFileName(d), out int id) ? id : 0).Where(id => id > 0)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static KernelException Failure(int processId, string what, int error) => new(
        error == NoSuchProcess ? Errno.ESRCH : Errno.EPERM,
        $"Process {processId} cannot be given {what}: {Marshal.GetPInvokeErrorMessage(error)} (errno {error}).");

    [LibraryImport("libc", EntryPoint = "prlimit64", SetLastError = true)]
    private static partial int SetLimit(int processId, int resource, ref Limits wanted, nint old);

    [LibraryImport("libc", EntryPoint = "setpriority", SetLastError = true)]
    private static partial int SetPriority(int which, int who, int priority);

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct Limits
    {
        public ulong Soft;
        public ulong Hard;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
