using CimHost.VmKernel.Scheduling.Queueing;

namespace CimHost.VmKernel.Worlds;

/// <summary>
/// CPU time of a thread, and through <paramref name="parent"/> of its world. Work that runs at the moment counts up to now, so that a
/// world that spins without end is seen.
/// </summary>
/// <param name="parent">Account that gets the same time; null at a world's own.</param>
internal sealed class CpuAccount(CpuAccount? parent)
{
    private readonly Lock _lock = new();
    private readonly List<Running> _running = [];
    private long _nanoseconds;
    private Func<TimeSpan>? _external;

    /// <summary>CPU time so far.</summary>
    public TimeSpan Total
    {
        get
        {
            TimeSpan external = Volatile.Read(ref _external)?.Invoke() ?? TimeSpan.Zero;
            lock (_lock)
            {
                long sum = _nanoseconds;
                foreach (Running running in _running)
                {
                    sum += Math.Max(0, ThreadClock.Of(running.HostThread) - running.Start);
                }

                return external + TimeSpan.FromTicks(sum / TimeSpan.NanosecondsPerTick);
            }
        }
    }

    /// <summary>Adds what a child process has used, from now on or for good.</summary>
    public void Attach(Func<TimeSpan> external) => Volatile.Write(ref _external, external);

    /// <summary>Work begins on a thread of the host.</summary>
    public void Begin(int hostThread, long start)
    {
        lock (_lock)
        {
            _running.Add(new Running(hostThread, start));
        }

        parent?.Begin(hostThread, start);
    }

    /// <summary>Work that began on this thread of the host at this time is over.</summary>
    public void End(int hostThread, long start, long end)
    {
        lock (_lock)
        {
            _running.Remove(new Running(hostThread, start));
            _nanoseconds += Math.Max(0, end - start);
        }

        parent?.End(hostThread, start, end);
    }

    private readonly record struct Running(int HostThread, long Start);
}
