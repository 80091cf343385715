using CimHost.VmKernel.Worlds;

namespace CimHost.VmKernel.Signals;

/// <summary>
/// Brings signals to worlds (POSIX.1-2017 §2.4): generation, masks, pending, default actions. Everything here runs under the lock of
/// the world table; what must happen outside of it goes to the effects.
/// </summary>
internal static class SignalDelivery
{
    /// <summary>Generates a signal for a world or for one of its threads.</summary>
    public static void Post(World world, Signal signal, WorldThread? thread, Effects effects)
    {
        if (world.IsEnding || (world.IsInit && IsDeadlyToInit(world, signal)))
        {
            return;
        }

        switch (signal)
        {
            case Signal.SIGKILL:
                world.Table.End(world, WaitStatus.Signaled((int)signal), null, effects);
                return;
            case Signal.SIGSTOP:
                Discard(world, Signal.SIGCONT);
                WorldTable.Stop(world, effects);
                return;
            case Signal.SIGCONT:
                WorldTable.Continue(world, effects);
                break;
        }

        Route(world, signal, thread, effects);
    }

    /// <summary>The next signal that a thread takes by running a handler; null when none is left.</summary>
    public static Delivery? Next(WorldThread thread, ref Interruption result, Effects effects)
    {
        World world = thread.World;
        result = thread.Interruption > result ? thread.Interruption : result;
        thread.Interruption = Interruption.None;
        Delivery? delivery = null;
        while (delivery is null && !world.IsStopped && !world.IsEnding
            && world.Pending.Union(thread.Pending).Except(thread.Mask) is { IsEmpty: false } deliverable)
        {
            Signal signal = deliverable.First;
            thread.Pending = thread.Pending.Without(signal);
            world.Pending = world.Pending.Without(signal);
            delivery = Take(thread, signal, effects);
        }

        thread.Image.RefreshAttention();
        return delivery;
    }

    /// <summary>Changes the mask of a thread; signals that were pending and are not blocked any more are taken.</summary>
    public static bool SetMask(WorldThread thread, SignalSet mask, Effects effects)
    {
        thread.Mask = mask.Except(SignalRules.Unblockable);
        Flush(thread, effects);
        return true;
    }

    /// <summary>Sets the action for a signal. A pending signal that is ignored from now on is gone (POSIX.1-2017 §2.4.3).</summary>
    public static SignalAction SetAction(World world, Signal signal, SignalAction action)
    {
        SignalAction old = world.Actions[signal];
        world.Actions[signal] = action;
        if (world.Actions.IsIgnored(signal))
        {
            Discard(world, signal);
        }

        return old;
    }

    /// <summary>After SIGCONT: what came while the world was stopped takes effect.</summary>
    public static void FlushAll(World world, Effects effects)
    {
        foreach (WorldThread thread in world.Image.Threads)
        {
            Flush(thread, effects);
        }
    }

    // init takes only signals for which it has a handler, as on Linux: nobody ends or stops it from within.
    private static bool IsDeadlyToInit(World world, Signal signal) =>
        SignalRules.Unblockable.Contains(signal) || world.Actions[signal].Disposition == SignalDisposition.Default;

    private static void Discard(World world, Signal signal)
    {
        world.Pending = world.Pending.Without(signal);
        foreach (WorldThread thread in world.Image.Threads)
        {
            thread.Pending = thread.Pending.Without(signal);
        }

        world.Image.RefreshAttention();
    }

    private static void MakePending(World world, Signal signal, WorldThread? thread)
    {
        if (thread is null)
        {
            world.Pending = world.Pending.With(signal);
        }
        else
        {
            thread.Pending = thread.Pending.With(signal);
        }

        world.Image.RefreshAttention();
    }

    private static Delivery? Take(WorldThread thread, Signal signal, Effects effects)
    {
        SignalActions actions = thread.World.Actions;
        if (actions.IsIgnored(signal))
        {
            return null;
        }

        SignalAction action = actions[signal];
        if (action.Disposition == SignalDisposition.Default)
        {
            thread.Image.Terminate(signal, effects);
            return null;
        }

        SignalSet before = thread.Mask;
        thread.Mask = before.Union(action.Mask).Except(SignalRules.Unblockable);
        if ((action.Flags & SignalFlags.SA_NODEFER) == 0)
        {
            thread.Mask = thread.Mask.With(signal);
        }

        if ((action.Flags & SignalFlags.SA_RESETHAND) != 0)
        {
            actions[signal] = SignalAction.Default;
        }

        return new Delivery(signal, action.Handler!, before, (action.Flags & SignalFlags.SA_RESTART) != 0);
    }

    private static void Route(World world, Signal signal, WorldThread? thread, Effects effects)
    {
        WorldThread? taker = thread ?? world.Image.Taker(signal);
        if (taker is null || taker.Mask.Contains(signal) || world.IsStopped)
        {
            if (!world.Actions.IsIgnored(signal) || taker is null || taker.Mask.Contains(signal))
            {
                MakePending(world, signal, thread);
            }
        }
        else if (world.Actions.IsIgnored(signal))
        {
            return;
        }
        else if (world.Actions[signal].Disposition == SignalDisposition.Default)
        {
            world.Image.Terminate(signal, effects);
        }
        else if (!world.Image.TakesRealSignals)
        {
            MakePending(world, signal, thread);
            world.Image.InterruptThose(t => !t.Mask.Contains(signal) && (thread is null || t == thread), effects);
        }
        else
        {
            SignalFlags flags = world.Actions[signal].Flags;
            bool restarts = (flags & SignalFlags.SA_RESTART) != 0;
            taker.Interruption = restarts && taker.Interruption != Interruption.Fail ? Interruption.Restart : Interruption.Fail;
            world.Image.Send(signal, effects);
            world.Image.InterruptThose(t => t == taker, effects);
            if ((flags & SignalFlags.SA_RESETHAND) != 0)
            {
                world.Actions[signal] = SignalAction.Default;
            }

            taker.RefreshAttention();
        }
    }

    private static void Flush(WorldThread thread, Effects effects)
    {
        World world = thread.World;
        SignalSet ready = world.IsStopped ? SignalSet.Empty : world.Pending.Union(thread.Pending).Except(thread.Mask);
        for (; !ready.IsEmpty && !world.IsEnding; ready = ready.Without(ready.First))
        {
            Signal signal = ready.First;
            bool ofThread = thread.Pending.Contains(signal);
            thread.Pending = thread.Pending.Without(signal);
            if (!ofThread)
            {
                world.Pending = world.Pending.Without(signal);
            }

            Route(world, signal, ofThread ? thread : null, effects);
        }

        thread.Image.RefreshAttention();
    }
}
