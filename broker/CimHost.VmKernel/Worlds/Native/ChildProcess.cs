using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net.Sockets;
using CimHost.VmKernel.Scheduling.Confinement;

namespace CimHost.VmKernel.Worlds.Native;

/// <summary>
/// A child process of the host. It is started stopped, so that it can be confined before the first instruction of its program; it has the
/// descriptors 0 (/dev/null), 1, 2 and 3 (system calls) and no others, default signal actions, an empty signal mask and a process group
/// of its own.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The timer ends with the process.")]
internal sealed class ChildProcess
{
    // RLIMIT_CORE and RLIMIT_NOFILE of Linux.
    private const int CoreLimit = 4;
    private const int FileLimit = 7;

    private const int WatcherStack = 256 * 1024;
    private const int ClockTicksPerSecond = 100;
    private const int Kill9 = 9;
    private static readonly TimeSpan s_firstLook = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(250);

    // The shell stops itself, and after SIGCONT becomes the program: the same process, so that limits set meanwhile hold for it.
    private const string Trampoline = "kill -STOP $$; exec \"$0\" \"$@\"";

    // The two are not read alike: each processor keeps back up to 32 pages, or two for each processor, of three counters of the system.
    private static readonly long s_inaccuracy = 3L * Environment.ProcessorCount * Math.Max(32, 2 * Environment.ProcessorCount) * Environment.SystemPageSize;
    private readonly Lock _lock = new();
    private bool _reaped;
    private TimeSpan _finalCpuTime;
    private readonly long _peakOfHost;
    private readonly Timer _looks;
    private long _peakMemory;

    private ChildProcess(int id, Socket systemCalls, Socket output, Socket error)
    {
        Id = id;
        SystemCalls = new NetworkStream(systemCalls, ownsSocket: true);
        Output = new NetworkStream(output, ownsSocket: true);
        Error = new NetworkStream(error, ownsSocket: true);
        _peakOfHost = ProcessResources.StatusBytes(Environment.ProcessId, "VmHWM");
        _looks = new Timer(static process => ((ChildProcess)process!).LookAtMemory(), this, s_firstLook, s_look);
    }

    /// <summary>Host's process id.</summary>
    public int Id { get; }

    /// <summary>The socket of its system calls.</summary>
    public Stream SystemCalls { get; }

    /// <summary>Its standard output.</summary>
    public Stream Output { get; }

    /// <summary>Its standard error.</summary>
    public Stream Error { get; }

    /// <summary>CPU time, also after its end.</summary>
    public TimeSpan CpuTime
    {
        get
        {
            lock (_lock)
            {
                return _reaped ? _finalCpuTime : ReadCpuTime();
            }
        }
    }

    /// <summary>Largest resident set in bytes, as far as it was seen: a look each quarter of a second, and what the system tells at its end.</summary>
    public long PeakMemory
    {
        get
        {
            lock (_lock)
            {
                return _peakMemory;
            }
        }
    }

    /// <summary>Starts a program.</summary>
    /// <exception cref="KernelException">It cannot be started.</exception>
    public static ChildProcess Start(
        ProcessProgram program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        (Socket calls, int theirCalls) = PosixSpawn.SocketPair();
        (Socket output, int theirOutput) = PosixSpawn.SocketPair();
        (Socket error, int theirError) = PosixSpawn.SocketPair();
        try
        {
            // The first argument of a world is the program's name, which the host's exec gives by itself.
            string[] command =
                ["/bin/sh", "-c", Trampoline, program.FileName, .. program.LeadingArguments, .. arguments.Skip(1)];
            var variables = new Dictionary<string, string>(environment) { [ProcessProgram.SystemCallVariable] = "fd:3" };
            foreach ((string name, string value) in program.HostEnvironment)
            {
                variables[name] = value;
            }

            int id = PosixSpawn.Run(command, [.. variables.Select(static v => $"{v.Key}={v.Value}")], theirOutput, theirError, theirCalls);
            return new ChildProcess(id, calls, output, error);
        }
        catch
        {
            calls.Dispose();
            output.Dispose();
            error.Dispose();
            throw;
        }
        finally
        {
            PosixSpawn.Close(theirCalls);
            PosixSpawn.Close(theirOutput);
            PosixSpawn.Close(theirError);
        }
    }

    /// <summary>No core files, and so many descriptors. What else it may use is up to its confinement.</summary>
    /// <exception cref="KernelException">It cannot be set.</exception>
    public void Limit(long openFiles)
    {
        PosixSpawn.SetLimit(Id, CoreLimit, 0);
        PosixSpawn.SetLimit(Id, FileLimit, openFiles);
    }

    /// <summary>Sends a signal, unless the process has been reaped: its id may be another's then.</summary>
    public void Kill(int signal)
    {
        lock (_lock)
        {
            if (!_reaped)
            {
                _ = PosixSpawn.Kill(Id, signal);
            }
        }
    }

    /// <summary>Watches the process on a thread of its own: confines it when it has stopped itself, reaps it when it has ended.</summary>
    /// <param name="confine">Confines the process and lets it go on.</param>
    /// <param name="exited">Gets the wait status.</param>
    public void Watch(Func<ChildProcess, IDisposable> confine, Action<int> exited) =>
        new Thread(() => exited(WatchToTheEnd(confine)), WatcherStack) { IsBackground = true, Name = $"world process {Id}" }.Start();

    private int WatchToTheEnd(Func<ChildProcess, IDisposable> confine)
    {
        IDisposable? confinement = null;
        if (PosixSpawn.WaitForStopOrExit(Id))
        {
            try
            {
                confinement = confine(this);
            }
            catch
            {
                Kill(Kill9);
            }
        }

        PosixSpawn.WaitForExit(Id);
        int status;
        lock (_lock)
        {
            (status, _finalCpuTime, long peak) = PosixSpawn.Reap(Id);
            _reaped = true;

            // Linux begins to count at that of the process that made it; what is not above tells nothing.
            _peakMemory = peak > _peakOfHost + s_inaccuracy ? peak : _peakMemory;
        }

        _looks.Dispose();
        confinement?.Dispose();
        return status;
    }

    private void LookAtMemory()
    {
        lock (_lock)
        {
            if (!_reaped)
            {
                _peakMemory = Math.Max(_peakMemory, ProcessResources.StatusBytes(Id, "VmHWM"));
            }
        }
    }

    private TimeSpan ReadCpuTime()
    {
        try
        {
            // proc(5): utime and stime are the fields 14 and 15; the name, field 2, is in parentheses and may hold spaces.
            string text = File.ReadAllText($"/proc/{Id}/stat");
            string[] fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            long ticks = long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
            return TimeSpan.FromSeconds((double)ticks / ClockTicksPerSecond);
        }
        catch (IOException)
        {
            return TimeSpan.Zero;
        }
    }
}
