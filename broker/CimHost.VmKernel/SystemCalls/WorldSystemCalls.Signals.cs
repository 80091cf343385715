using CimHost.VmKernel.Signals;
using CimHost.VmKernel.Worlds;

namespace CimHost.VmKernel.SystemCalls;

/// <summary>Signals.</summary>
internal sealed partial class WorldSystemCalls
{
    /// <inheritdoc/>
    public async ValueTask KillAsync(int id, Signal signal)
    {
        await thread.EnterAsync();
        Table.Kill(World, id, signal);

        // A signal to oneself that is not blocked is taken before kill() returns (POSIX.1-2017 kill()).
        await thread.TakeSignalsAsync();
    }

    /// <inheritdoc/>
    public async ValueTask<SignalAction> SigactionAsync(Signal signal, SignalAction? action)
    {
        await thread.EnterAsync();
        SignalRules.Check(signal);
        if (action is not null && SignalRules.Unblockable.Contains(signal))
        {
            throw new KernelException(Errno.EINVAL, $"{signal} can be neither caught nor ignored.");
        }

        if (action is { Disposition: SignalDisposition.Handler, Handler: null } or { Disposition: < 0 or > SignalDisposition.Handler })
        {
            throw new KernelException(Errno.EINVAL, $"The action for {signal} has no handler.");
        }

        return Table.Change(_ => action is null ? World.Actions[signal] : SignalDelivery.SetAction(World, signal, action));
    }

    /// <inheritdoc/>
    public async ValueTask<SignalSet> SigprocmaskAsync(MaskChange how, SignalSet set)
    {
        await thread.EnterAsync();
        SignalSet old = Table.Change(effects =>
        {
            SignalSet before = thread.Mask;
            SignalDelivery.SetMask(thread, Changed(before, how, set), effects);
            return before;
        });
        await thread.TakeSignalsAsync();
        return old;
    }

    /// <inheritdoc/>
    public async ValueTask<SignalSet> SigpendingAsync()
    {
        await thread.EnterAsync();
        return Table.Change(_ => World.Pending.Union(thread.Pending));
    }

    /// <inheritdoc/>
    public async ValueTask SigsuspendAsync(SignalSet mask)
    {
        await thread.EnterAsync();
        SignalSet before = thread.Mask;
        try
        {
            Table.Change(effects => SignalDelivery.SetMask(thread, mask, effects));
            await PauseUntilSignalAsync();
        }
        finally
        {
            Table.Change(effects => SignalDelivery.SetMask(thread, before, effects));
            await thread.TakeSignalsAsync();
        }
    }

    /// <inheritdoc/>
    public async ValueTask PauseAsync()
    {
        await thread.EnterAsync();
        await PauseUntilSignalAsync();
    }

    /// <inheritdoc/>
    public async ValueTask<int> AlarmAsync(int seconds)
    {
        await thread.EnterAsync();
        if (seconds < 0)
        {
            throw new KernelException(Errno.EINVAL, $"alarm: {seconds} seconds.");
        }

        TimeProvider time = Table.Options.TimeProvider;
        World world = World;
        return Table.Change(effects =>
        {
            WorldAlarm? old = world.Alarm;
            world.Alarm = seconds == 0 ? null : NewAlarm(world, TimeSpan.FromSeconds(seconds), time);
            effects.Add(() => old?.Timer.Dispose());
            return old is null ? 0 : Math.Max(1, (int)Math.Ceiling(time.GetElapsedTime(time.GetTimestamp(), old.Due).TotalSeconds));
        });
    }

    private static SignalSet Changed(SignalSet mask, MaskChange how, SignalSet set) => how switch
    {
        MaskChange.SIG_BLOCK => mask.Union(set),
        MaskChange.SIG_UNBLOCK => mask.Except(set),
        MaskChange.SIG_SETMASK => set,
        _ => throw new KernelException(Errno.EINVAL, $"sigprocmask: {(int)how} is none of its ways."),
    };

    private static WorldAlarm NewAlarm(World world, TimeSpan delay, TimeProvider time)
    {
        TimeSpan bounded = delay < LongestDelay ? delay : LongestDelay;
        ITimer timer = time.CreateTimer(static w => Ring((World)w!), world, bounded, Timeout.InfiniteTimeSpan);
        return new WorldAlarm(timer, time.GetTimestamp() + (long)(bounded.TotalSeconds * time.TimestampFrequency));
    }

    private static void Ring(World world) => world.Table.Change(effects =>
    {
        WorldAlarm? alarm = world.Alarm;
        world.Alarm = null;
        effects.Add(() => alarm?.Timer.Dispose());
        SignalDelivery.Post(world, Signal.SIGALRM, null, effects);
        return true;
    });

    private async ValueTask PauseUntilSignalAsync() =>
        await thread.WaitAsync(
            0,
            static async (_, interrupt) =>
            {
                await Task.Delay(Timeout.Infinite, interrupt);
                return true;
            },
            restartable: false);

    /// <summary>Sends a signal to the calling thread itself and takes it.</summary>
    private async ValueTask RaiseAsync(Signal signal)
    {
        Table.Change(effects =>
        {
            SignalDelivery.Post(World, signal, thread, effects);
            return true;
        });
        await thread.TakeSignalsAsync();
    }
}
