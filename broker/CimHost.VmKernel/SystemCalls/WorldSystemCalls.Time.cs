using CimHost.VmKernel.Worlds;

namespace CimHost.VmKernel.SystemCalls;

/// <summary>Time and threads.</summary>
internal sealed partial class WorldSystemCalls
{
    // The longest time that .NET's timers take.
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    /// <inheritdoc/>
    public async ValueTask<long> ClockGettimeAsync(ClockId clock)
    {
        await thread.EnterAsync();
        TimeProvider time = Table.Options.TimeProvider;
        TimeSpan value = clock switch
        {
            ClockId.CLOCK_REALTIME => time.GetUtcNow() - DateTimeOffset.UnixEpoch,
            ClockId.CLOCK_MONOTONIC => time.GetElapsedTime(0, time.GetTimestamp()),
            ClockId.CLOCK_PROCESS_CPUTIME_ID => World.CpuTime,
            ClockId.CLOCK_THREAD_CPUTIME_ID => thread.Cpu.Total,
            _ => throw new KernelException(Errno.EINVAL, $"There is no clock {(int)clock}."),
        };
        return value.Ticks * TimeSpan.NanosecondsPerTick;
    }

    /// <inheritdoc/>
    public async ValueTask<TimeSpan> NanosleepAsync(TimeSpan duration)
    {
        await thread.EnterAsync();
        if (duration < TimeSpan.Zero)
        {
            throw new KernelException(Errno.EINVAL, "A time to sleep is not negative.");
        }

        TimeProvider time = Table.Options.TimeProvider;
        TimeSpan wait = duration < LongestDelay ? duration : LongestDelay;
        long start = time.GetTimestamp();
        try
        {
            return await thread.WaitAsync((time, start, wait), static async (s, interrupt) =>
            {
                await SleepAsync(s.time, s.start, s.wait, interrupt);
                return TimeSpan.Zero;
            }, restartable: false);
        }
        catch (KernelException interrupted) when (interrupted.Errno == Errno.EINTR)
        {
            TimeSpan left = wait - time.GetElapsedTime(start);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<int> ThreadSelfAsync()
    {
        await thread.EnterAsync();
        return thread.Id;
    }

    /// <inheritdoc/>
    public async ValueTask<int> ThreadCreateAsync(Func<ISystemCalls, Task<int>> entry)
    {
        WorldThread created = await RegisterThreadAsync();
        ((InProcessImage)thread.Image).Run(created, entry);
        return created.Id;
    }

    /// <inheritdoc/>
    public async ValueTask<int> ThreadJoinAsync(int id)
    {
        await thread.EnterAsync();
        WorldThread joined = Table.Change(_ =>
        {
            WorldThread other = Joinable(id);
            if (other == thread)
            {
                throw new KernelException(Errno.EINVAL, "A thread does not join itself.");
            }

            other.IsJoined = true;
            return other;
        });
        try
        {
            int value = await joined.Completion.WaitAsync(thread.Image.End);
            Table.Change(_ => thread.Image.Forget(joined));
            return value;
        }
        catch (OperationCanceledException)
        {
            thread.ThrowIfEnded();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask ThreadDetachAsync(int id)
    {
        await thread.EnterAsync();
        Table.Change(_ =>
        {
            WorldThread other = Joinable(id);
            other.IsDetached = true;
            return thread.Image.Forget(other);
        });
    }

    /// <summary>Makes a thread without running anything: for a process world, whose threads run in its own process.</summary>
    internal async ValueTask<WorldThread> RegisterThreadAsync()
    {
        await thread.EnterAsync();
        return Table.Change(_ =>
        {
            thread.ThrowIfEnded();
            return thread.Image.AddThread(thread.Mask);
        });
    }

    /// <summary>The end of such a thread.</summary>
    internal async ValueTask EndThreadAsync(int value)
    {
        await thread.EnterAsync();
        Table.Change(effects =>
        {
            thread.Image.RemoveThread(thread);
            effects.Add(() => thread.Complete(value));
            return true;
        });
    }

    /// <summary>Waits until so much time has passed since a timestamp: never less (POSIX.1-2017 nanosleep()), though timers ring early.</summary>
    private static async Task SleepAsync(TimeProvider time, long start, TimeSpan duration, CancellationToken interrupt)
    {
        for (TimeSpan left; (left = duration - time.GetElapsedTime(start)) > TimeSpan.Zero;)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)), time, interrupt);
        }
    }

    private WorldThread Joinable(int id)
    {
        WorldThread other = thread.Image.FindThread(id)
            ?? throw new KernelException(Errno.ESRCH, $"World {World.Id} has no thread {id}.");
        return other.IsDetached || other.IsJoined
            ? throw new KernelException(Errno.EINVAL, $"Thread {id} is detached, or another joins it.")
            : other;
    }
}
