using CimHost.VmKernel.Scheduling.Statistics;
using CimHost.VmKernel.Signals;

namespace CimHost.VmKernel.Worlds;

/// <summary>
/// The process table of the kernel. The first world that is started is init (world 1): it adopts orphans, and when it ends, all worlds end.
/// One lock guards the relations and states of all worlds; code of worlds never runs under it.
/// </summary>
public sealed partial class WorldTable
{
    private const int HighestId = 4_194_303;

    private readonly Lock _lock = new();
    private readonly Dictionary<int, World> _worlds = [];
    private readonly List<World> _lingering = [];
    private int _lastId;

    /// <summary>An empty table.</summary>
    /// <param name="options">What worlds stand on.</param>
    public WorldTable(WorldTableOptions options)
    {
        Options = options;
    }

    /// <summary>Worlds and zombies, by world id.</summary>
    public IReadOnlyList<World> Worlds
    {
        get
        {
            lock (_lock)
            {
                return [.. _worlds.Values.OrderBy(static w => w.Id)];
            }
        }
    }

    /// <summary>Worlds that were ended, were perhaps reaped too, and whose code still runs in the host.</summary>
    public IReadOnlyList<World> Lingering
    {
        get
        {
            lock (_lock)
            {
                return [.. _lingering];
            }
        }
    }

    /// <summary>What the in-process worlds that no scheduler divides time among have used since their start.</summary>
    public IEnumerable<WorldUsage> PoolUsage() => Worlds
        .Where(w => w is { IsInProcess: true, Queue: null, IsZombie: false } || w.Queue is null && w.CannotBeStopped)
        .Select(w => new WorldUsage(w.Id, w.Name, w.Group.Path) { Cpu = w.CpuTime, Run = w.CpuTime });

    internal WorldTableOptions Options { get; }

    internal SystemCalls.Sockets.LoopbackNetwork Network { get; } = new();

    /// <summary>A world by its id.</summary>
    /// <param name="id">World id.</param>
    /// <returns>The world or zombie; null when there is none.</returns>
    public World? Find(int id)
    {
        lock (_lock)
        {
            return _worlds.GetValueOrDefault(id);
        }
    }

    /// <summary>Sends a signal on behalf of the kernel: to any world but init, which it reaches only if it has a handler.</summary>
    /// <param name="id">World id.</param>
    /// <param name="signal">Signal.</param>
    /// <exception cref="KernelException">ESRCH, EINVAL.</exception>
    public void Signal(int id, Signal signal)
    {
        SignalRules.Check(signal);
        Change(effects =>
        {
            World world = _worlds.GetValueOrDefault(id) ?? throw NoWorld(id);
            SignalDelivery.Post(world, signal, null, effects);
            return true;
        });
    }

    /// <summary>Sends a signal on behalf of the kernel to a world; to one that was reaped, nothing.</summary>
    /// <param name="world">The world.</param>
    /// <param name="signal">Signal.</param>
    /// <exception cref="KernelException">EINVAL.</exception>
    public void Signal(World world, Signal signal)
    {
        SignalRules.Check(signal);
        Change(effects =>
        {
            if (_worlds.GetValueOrDefault(world.Id) == world)
            {
                SignalDelivery.Post(world, signal, null, effects);
            }

            return true;
        });
    }

    /// <summary>Ends init and with it every world, for certain as far as .NET can: the end of the kernel.</summary>
    /// <returns>Completes when every world is gone or was given up after the grace.</returns>
    public async Task HaltAsync()
    {
        World[] worlds = Change(effects =>
        {
            World[] all = [.. _worlds.Values];
            foreach (World world in all)
            {
                End(world, WaitStatus.Signaled((int)Signals.Signal.SIGKILL), null, effects);
            }

            return all;
        });
        await Task.WhenAll(worlds.Select(static w => w.Completion));
    }

    internal static KernelException NoWorld(int id) => new(Errno.ESRCH, $"There is no world {id}.");

    /// <summary>Changes the table under its lock, then runs the effects outside of it.</summary>
    internal T Change<T>(Func<Effects, T> change)
    {
        var effects = new Effects();
        T result;
        try
        {
            lock (_lock)
            {
                result = change(effects);
            }
        }
        finally
        {
            effects.Run();
        }

        return result;
    }

    internal World? FindUnderLock(int id) => _worlds.GetValueOrDefault(id);

    internal IEnumerable<World> AllUnderLock() => _worlds.Values;

    /// <summary>Ends a world: status, files, system calls; it is a zombie as soon as its program has returned, or after the grace.</summary>
    internal void End(World world, WaitStatus status, Exception? crash, Effects effects)
    {
        if (world.IsEnding)
        {
            return;
        }

        world.ExitStatus = status;
        world.Crash = crash;
        world.Release(effects);
        WorldAlarm? alarm = world.Alarm;
        world.Alarm = null;
        effects.Add(() => alarm?.Timer.Dispose());
        world.Image.Close(effects);
        effects.Add(world.Descriptors.CloseAll);
        effects.Add(() => world.Queue?.Terminate());
        if (crash is not null)
        {
            effects.Add(() => WorldLog.Crashed(Options.Logger, crash, world.Id, world.Name, world.CpuTime));
        }

        if (!world.Image.IsAlive)
        {
            BecomeZombie(world, effects);
        }
        else
        {
            effects.Add(() => _ = GiveUpAfterGraceAsync(world));
        }
    }

    /// <summary>A thread of a program, or its child process, has gone. Under the lock.</summary>
    internal void OnThreadEnded(WorldImage image, Effects effects)
    {
        World world = image.World;
        if (world.Image != image || image.IsAlive || !world.IsEnding)
        {
            return;
        }

        if (!world.IsZombie)
        {
            BecomeZombie(world, effects);
        }
        else if (_lingering.Remove(world))
        {
            world.CannotBeStopped = false;
            effects.Add(world.LeaveScheduler);
            effects.Add(() => WorldLog.ReturnedAfterAll(Options.Logger, world.Id, world.Name, world.CpuTime));
        }
    }

    /// <summary>No work of an ended world runs at the moment.</summary>
    internal void WorkEnded(World world) => Change(effects =>
    {
        OnThreadEnded(world.Image, effects);
        return true;
    });

    private async Task GiveUpAfterGraceAsync(World world)
    {
        try
        {
            await world.Completion.WaitAsync(Options.Grace, Options.TimeProvider).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            Change(effects => GiveUp(world, effects));
        }
    }

    private bool GiveUp(World world, Effects effects)
    {
        if (world.IsZombie)
        {
            return false;
        }

        world.CannotBeStopped = true;
        _lingering.Add(world);
        WaitStatus status = world.ExitStatus!.Value;
        effects.Add(() => WorldLog.CannotBeStopped(Options.Logger, world.Id, world.Name, status, world.CpuTime));
        BecomeZombie(world, effects);
        return true;
    }

    private void BecomeZombie(World world, Effects effects)
    {
        world.IsZombie = true;
        WaitStatus status = world.ExitStatus!.Value;
        effects.Add(world.Memory.Dispose);
        if (!world.CannotBeStopped)
        {
            effects.Add(world.LeaveScheduler);
        }

        effects.Add(() => WorldLog.Ended(Options.Logger, world.Id, world.Name, status, world.CpuTime));
        if (world.IsInit)
        {
            EndAllOthers(world, effects);
        }
        else
        {
            GiveChildrenToInit(world, effects);
        }

        TellParent(world, effects);
        effects.Add(() => world.Complete(status));
    }

    private void EndAllOthers(World init, Effects effects)
    {
        foreach (World other in _worlds.Values.Where(w => w != init).ToArray())
        {
            End(other, WaitStatus.Signaled((int)Signals.Signal.SIGKILL), null, effects);
        }
    }

    private void GiveChildrenToInit(World world, Effects effects)
    {
        World? init = _worlds.GetValueOrDefault(1);
        foreach (World child in world.Children)
        {
            child.Parent = init;
            init?.Children.Add(child);
            if (child.IsZombie)
            {
                TellParent(child, effects);
            }
        }

        world.Children.Clear();
    }

    private void TellParent(World world, Effects effects)
    {
        if (world.Parent is not { IsEnding: false } parent || parent.Actions.ReapsChildren)
        {
            Remove(world);
            if (world.Parent is { } silent)
            {
                effects.Add(silent.ChildChanges.Wake);
            }
        }
        else
        {
            effects.Add(parent.ChildChanges.Wake);
        }

        if (world.Parent is { IsEnding: false } alive)
        {
            SignalDelivery.Post(alive, Signals.Signal.SIGCHLD, null, effects);
        }
    }

    private void Remove(World world)
    {
        _worlds.Remove(world.Id);
        world.Parent?.Children.Remove(world);
    }
}
