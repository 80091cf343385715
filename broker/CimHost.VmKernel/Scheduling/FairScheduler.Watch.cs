using CimHost.VmKernel.Scheduling.Queueing;
using Microsoft.Extensions.Logging;

namespace CimHost.VmKernel.Scheduling;

/// <summary>Looks after work items that hold their worker.</summary>
public sealed partial class FairScheduler
{
    // One look in a fraction of the time after which an item is stuck, so that it is found soon after.
    private const int LooksPerStuck = 4;

    // What computes for a while at a start need not be confined to one processor: by default it is after 2 s.
    private const int StuckTimesUntilConfined = 8;
    private const long BeatNanoseconds = 250_000;

    private int _confined;
    private bool _beats;

    /// <summary>Whether the system is made to choose often among the threads of the processor of those that spin.</summary>
    internal bool Beats => Volatile.Read(ref _beats);

    private void Watch()
    {
        TimeSpan interval = _options.StuckAfter / LooksPerStuck;
        var overruns = new List<WorldOverrun>();
        while (true)
        {
            Thread.Sleep(interval);
            lock (_gate)
            {
                if (_stopping)
                {
                    return;
                }

                Look(overruns);
            }

            StartMissingWorkers();
            overruns.ForEach(Report);
            overruns.Clear();
        }
    }

    private void Look(List<WorldOverrun> overruns)
    {
        long now = Now();
        foreach (Worker worker in _workers)
        {
            ChargeSoFar(worker, now);
            if (worker.World is { } world && now - worker.ItemStart >= Nanoseconds(_options.StuckAfter))
            {
                LookAtStuck(worker, world, now, overruns);
            }
        }

        foreach (WorldNode world in _worlds.Keys)
        {
            bool floods = world.Pending.Count > _options.MaxQueueLength;
            if (floods && !world.IsFlooding)
            {
                overruns.Add(Describe(OverrunKind.Flooding, world, 0, world.Usage.Cpu));
            }

            world.IsFlooding = floods;
        }
    }

    private void LookAtStuck(Worker worker, WorldNode world, long now, List<WorldOverrun> overruns)
    {
        long elapsed = now - worker.ItemStart;
        long cpu = Math.Min(worker.Charged, elapsed);

        bool computes = ThreadClock.IsRunnable(worker.ThreadId) ?? cpu * 2 >= elapsed;
        if (computes && cpu < Nanoseconds(_options.StuckAfter))
        {
            // Other programs have the processors: another worker would not get them either.
            return;
        }

        OverrunKind kind = computes ? OverrunKind.Spinning : OverrunKind.Blocking;
        if (!worker.IsStuck)
        {
            worker.IsStuck = true;
            worker.NextReport = now;
            _stuck++;
        }

        if (kind == OverrunKind.Spinning && !worker.IsDemoted)
        {
            // The worker is not used again, so that it need not be promoted, which would take privileges.
            worker.IsDemoted = true;
            ThreadClock.Demote(worker.ThreadId);
        }

        if (worker.IsDemoted && !worker.IsConfined && cpu >= StuckTimesUntilConfined * Nanoseconds(_options.StuckAfter))
        {
            Confine(worker);
        }

        if (now >= worker.NextReport)
        {
            worker.NextReport = now + elapsed;
            overruns.Add(Describe(kind, world, elapsed, cpu));
        }
    }

    private void Confine(Worker worker)
    {
        worker.IsConfined = true;
        _confined++;
        ProcessorAffinity.UseLast(worker.ThreadId);
        if (!_beats)
        {
            _beats = true;
            new Thread(Beat) { IsBackground = true, Name = "scheduler beat" }.Start();
        }
    }

    // A thread in the idle class gives way to one that is woken. But when all others pause for a moment, as those of .NET do by sched_yield()
    // while they wait for work, Linux (6.6 and later) lets it run until the next tick of the clock, up to 10 ms, and what could run waits
    // behind it. Being woken on that processor makes Linux choose again.
    private void Beat()
    {
        ProcessorAffinity.UseLast(ThreadClock.ThreadId());
        while (true)
        {
            ThreadClock.Sleep(BeatNanoseconds);
            if (Volatile.Read(ref _confined) > 0 && !Volatile.Read(ref _stopping))
            {
                continue;
            }

            lock (_gate)
            {
                if (_confined == 0 || _stopping)
                {
                    _beats = false;
                    return;
                }
            }
        }
    }

    private static WorldOverrun Describe(OverrunKind kind, WorldNode world, long elapsed, long cpu) => new(
        kind, world.WorldId, world.Name, world.Parent!.Group.Path, TimeSpan.FromTicks(elapsed / 100), TimeSpan.FromTicks(cpu / 100), world.Pending.Count);

    private void Report(WorldOverrun overrun)
    {
        switch (overrun.Kind)
        {
            case OverrunKind.Spinning:
                LogSpinning(overrun.WorldId, overrun.Name, overrun.Group, overrun.Elapsed.TotalSeconds, overrun.CpuTime.TotalSeconds);
                break;
            case OverrunKind.Blocking:
                LogBlocking(overrun.WorldId, overrun.Name, overrun.Group, overrun.Elapsed.TotalSeconds, overrun.CpuTime.TotalSeconds);
                break;
            default:
                LogFlooding(overrun.WorldId, overrun.Name, overrun.Group, overrun.Waiting, overrun.CpuTime.TotalSeconds);
                break;
        }

        try
        {
            Overrun?.Invoke(this, overrun);
        }
        catch (Exception e)
        {
            LogListener(e);
        }
    }

    [LoggerMessage(4101, LogLevel.Warning, "World {WorldId} ({Name}) in {Group} has computed for {Elapsed:0.00} s without yielding ({Cpu:0.00} s of CPU); another worker takes its place.")]
    private partial void LogSpinning(int worldId, string name, string group, double elapsed, double cpu);

    [LoggerMessage(4102, LogLevel.Warning, "World {WorldId} ({Name}) in {Group} has blocked a worker for {Elapsed:0.00} s ({Cpu:0.00} s of CPU); another one takes its place.")]
    private partial void LogBlocking(int worldId, string name, string group, double elapsed, double cpu);

    [LoggerMessage(4103, LogLevel.Warning, "World {WorldId} ({Name}) in {Group} has {Waiting} work items waiting ({Cpu:0.00} s of CPU used).")]
    private partial void LogFlooding(int worldId, string name, string group, int waiting, double cpu);

    [LoggerMessage(4104, LogLevel.Error, "A listener to overruns of worlds failed.")]
    private partial void LogListener(Exception exception);
}
