using CimHost.VmKernel.Signals;

namespace CimHost.VmKernel.Worlds;

/// <summary>Stopping and going on, kill() and process groups.</summary>
public sealed partial class WorldTable
{
    /// <summary>SIGSTOP.</summary>
    internal static void Stop(World world, Effects effects)
    {
        if (world.IsStopped)
        {
            return;
        }

        world.Halt();
        effects.Add(() => world.Image.OnStopped(true));
        world.Image.Send(Signals.Signal.SIGSTOP, effects);
        world.Image.RefreshAttention();
        TellJobChange(world, WaitStatus.Stopped, effects);
    }

    /// <summary>SIGCONT: what came meanwhile takes effect, then the signal itself.</summary>
    internal static void Continue(World world, Effects effects)
    {
        if (!world.IsStopped)
        {
            return;
        }

        world.Release(effects);
        world.Image.Send(Signals.Signal.SIGCONT, effects);
        effects.Add(() => world.Image.OnStopped(false));
        SignalDelivery.FlushAll(world, effects);
        TellJobChange(world, WaitStatus.Continued, effects);
    }

    /// <summary>kill() (POSIX.1-2017): one world, a group, or all.</summary>
    /// <exception cref="KernelException">EINVAL, ESRCH, EPERM.</exception>
    internal void Kill(World sender, int id, Signal signal)
    {
        if (signal != Signals.Signal.None)
        {
            SignalRules.Check(signal);
        }

        Change(effects =>
        {
            World[] targets = Targets(sender, id);
            World[] allowed = [.. targets.Where(t => sender.Identity.MaySignal(t.Identity))];
            if (targets.Length == 0)
            {
                throw new KernelException(Errno.ESRCH, id < 0 ? $"There is no process group {-(long)id}." : $"There is no world {id}.");
            }

            if (allowed.Length == 0)
            {
                throw new KernelException(Errno.EPERM, $"User {sender.Credentials.UserId} may not signal {targets[0]}.");
            }

            foreach (World target in signal == Signals.Signal.None ? [] : allowed)
            {
                SignalDelivery.Post(target, signal, null, effects);
            }

            return true;
        });
    }

    /// <summary>setpgid().</summary>
    /// <exception cref="KernelException">EINVAL, ESRCH, EACCES, EPERM.</exception>
    internal void SetProcessGroup(World caller, int id, int group) => Change(_ =>
    {
        World world = id == 0 || id == caller.Id ? caller : caller.Children.Find(c => c.Id == id) ?? throw NoWorld(id);
        if (world != caller)
        {
            // A world that was spawned has executed its program already, the case for which POSIX.1-2017 setpgid() names EACCES.
            throw new KernelException(Errno.EACCES, $"{world} has executed its program; only it changes its process group.");
        }

        world.ProcessGroup = CheckedGroup(group, world.Id);
        return true;
    });

    private int CheckedGroup(int group, int ownId)
    {
        if (group < 0)
        {
            throw new KernelException(Errno.EINVAL, $"{group} is no process group.");
        }

        return group == 0 || group == ownId ? ownId
            : _worlds.Values.Any(w => w.ProcessGroup == group) ? group
            : throw new KernelException(Errno.EPERM, $"There is no process group {group}.");
    }

    private World[] Targets(World sender, int id) => id switch
    {
        > 0 => _worlds.TryGetValue(id, out World? world) ? [world] : [],
        0 => [.. _worlds.Values.Where(w => w.ProcessGroup == sender.ProcessGroup)],
        -1 => [.. _worlds.Values.Where(w => !w.IsInit && w != sender)],
        int.MinValue => [],
        _ => [.. _worlds.Values.Where(w => w.ProcessGroup == -id)],
    };

    private static void TellJobChange(World world, WaitStatus change, Effects effects)
    {
        world.JobChange = change;
        if (world.Parent is not { IsEnding: false } parent)
        {
            return;
        }

        effects.Add(parent.ChildChanges.Wake);
        if ((parent.Actions[Signals.Signal.SIGCHLD].Flags & SignalFlags.SA_NOCLDSTOP) == 0)
        {
            SignalDelivery.Post(parent, Signals.Signal.SIGCHLD, null, effects);
        }
    }
}
