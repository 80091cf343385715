using System.Diagnostics.CodeAnalysis;
using CimHost.VmKernel.Signals;
using CimHost.VmKernel.SystemCalls;

namespace CimHost.VmKernel.Worlds;

/// <summary>One thread of a world: its mask, its signals, its CPU time, and the system calls in which it waits.</summary>
[SuppressMessage("Reliability", "CA1001:Types that own disposable fields should be disposable", Justification = "A source without a timer holds nothing.")]
internal sealed class WorldThread
{
    private readonly Lock _waitLock = new();
    private readonly TaskCompletionSource<int> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenSource _interrupt = new();
    private volatile bool _attention;

    public WorldThread(int id, WorldImage image, SignalSet mask)
    {
        Id = id;
        Image = image;
        Mask = mask;
        Cpu = new CpuAccount(image.World.Cpu);
        Calls = new WorldSystemCalls(this);
    }

    /// <summary>Number within its world, from 1, the first thread.</summary>
    public int Id { get; }

    /// <summary>The program that it runs.</summary>
    public WorldImage Image { get; }

    public World World => Image.World;

    public WorldTable Table => Image.World.Table;

    /// <summary>System calls made by this thread.</summary>
    public WorldSystemCalls Calls { get; }

    public CpuAccount Cpu { get; }

    /// <summary>Blocked signals. Under the lock of the table.</summary>
    public SignalSet Mask { get; set; }

    /// <summary>Signals sent to this thread alone. Under the lock of the table.</summary>
    public SignalSet Pending { get; set; }

    /// <summary>Signals that the program's own process takes as real ones, which interrupt the call that waits. Under the lock of the table.</summary>
    public Interruption Interruption { get; set; }

    /// <summary>Nobody joins it. Under the lock of the table.</summary>
    public bool IsDetached { get; set; }

    /// <summary>Somebody joins it. Under the lock of the table.</summary>
    public bool IsJoined { get; set; }

    /// <summary>Completes with the value that the thread returned.</summary>
    public Task<int> Completion => _completion.Task;

    /// <summary>Whether a system call has to look at signals, a stop or the end before it does anything. Under the lock of the table.</summary>
    public void RefreshAttention() =>
        _attention = Image.Ended || World.IsStopped || Interruption != Interruption.None || !World.Pending.Union(Pending).Except(Mask).IsEmpty;

    public void Complete(int value) => _completion.TrySetResult(value);

    /// <summary>Wakes what waits in this thread, so that it looks at signals. Not under the lock of the table.</summary>
    public void Interrupt()
    {
        CancellationTokenSource present;
        lock (_waitLock)
        {
            present = _interrupt;
        }

        present.Cancel();
    }

    /// <summary>The start of every system call: takes signals that came meanwhile, waits while stopped.</summary>
    /// <exception cref="WorldEndedException">The world has ended.</exception>
    public ValueTask EnterAsync() => _attention ? new ValueTask(TakeSignalsAsync().AsTask()) : default;

    /// <summary>Takes every signal that is not blocked: runs the handlers.</summary>
    /// <exception cref="WorldEndedException">The world has ended.</exception>
    public async ValueTask<Interruption> TakeSignalsAsync()
    {
        var result = Interruption.None;
        while (_attention)
        {
            ThrowIfEnded();
            if (World.IsStopped)
            {
                await World.Resumed.ConfigureAwait(true);
                continue;
            }

            Delivery? delivery = Table.Change(effects => SignalDelivery.Next(this, ref result, effects));
            if (delivery is null)
            {
                continue;
            }

            Interruption one = delivery.Restarts ? Interruption.Restart : Interruption.Fail;
            result = one > result ? one : result;
            await RunAsync(delivery).ConfigureAwait(true);
        }

        return result;
    }

    /// <summary>A call that waits: runs it again until it is done or a signal fails it.</summary>
    /// <param name="state">Handed to the call, so that it needs no closure.</param>
    /// <param name="call">The call; its token is cancelled when a signal comes.</param>
    /// <param name="restartable">Whether SA_RESTART lets it go on.</param>
    /// <exception cref="KernelException">EINTR, or what the call throws.</exception>
    public async ValueTask<TResult> WaitAsync<TState, TResult>(
        TState state, Func<TState, CancellationToken, ValueTask<TResult>> call, bool restartable = true)
    {
        while (true)
        {
            CancellationToken interrupt = BeginWait();
            if (_attention)
            {
                ThrowIfFails(await TakeSignalsAsync(), restartable);
                continue;
            }

            try
            {
                return await call(state, interrupt);
            }
            catch (OperationCanceledException cancelled) when (interrupt.IsCancellationRequested && cancelled is not WorldEndedException)
            {
                ThrowIfFails(await TakeSignalsAsync(), restartable);
            }
        }
    }

    /// <summary>Throws when the world has ended or its program was replaced.</summary>
    /// <exception cref="WorldEndedException">It has.</exception>
    public void ThrowIfEnded()
    {
        if (Image.Ended)
        {
            throw Image.EndedException();
        }
    }

    private static void ThrowIfFails(Interruption interruption, bool restartable)
    {
        if (interruption == Interruption.Fail || (interruption == Interruption.Restart && !restartable))
        {
            throw new KernelException(Errno.EINTR, "A signal interrupted the call.");
        }
    }

    private CancellationToken BeginWait()
    {
        lock (_waitLock)
        {
            if (_interrupt.IsCancellationRequested)
            {
                _interrupt = new CancellationTokenSource();
            }

            return _interrupt.Token;
        }
    }

    private async ValueTask RunAsync(Delivery delivery)
    {
        try
        {
            await delivery.Handler(delivery.Signal, Calls).ConfigureAwait(true);
        }
        finally
        {
            Table.Change(effects => SignalDelivery.SetMask(this, delivery.MaskAfter, effects));
        }
    }
}
