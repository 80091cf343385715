using CimHost.Sdk.Hardware;

namespace CimHost.VmKernel.Devices.Disks;

/// <summary>
/// Carries out the blocking calls of one device, one after another, on a thread of its own that starts with the first call and ends when
/// there was nothing to do for a while. A device that hangs in the kernel holds this thread and no other.
/// </summary>
internal sealed class CommandThread(string name) : IDisposable
{
    private const int MaxWaiting = 64;
    private static readonly TimeSpan s_idle = TimeSpan.FromSeconds(20);

    private readonly object _lock = new();
    private readonly Queue<Action> _waiting = new();
    private bool _running;
    private bool _closed;

    /// <summary>Queues a call and waits for it.</summary>
    /// <param name="call">What to do on the thread. It is left out when its caller has given up before its turn.</param>
    /// <param name="limit">How long to wait, the time in the queue included.</param>
    /// <param name="cancellationToken">Ends the wait; a call that has begun ends when the kernel lets it.</param>
    /// <exception cref="HardwareException">Not done in time, too much waits already, the device is closed; or what the call threw.</exception>
    public async Task<T> RunAsync<T>(Func<T> call, TimeSpan limit, CancellationToken cancellationToken)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Enqueue(() =>
        {
            if (done.Task.IsCompleted)
            {
                return;
            }

            try
            {
                done.TrySetResult(call());
            }
            catch (Exception e)
            {
                done.TrySetException(e);
            }
        });
        try
        {
            return await done.Task.WaitAsync(limit, cancellationToken);
        }
        catch (TimeoutException e)
        {
            throw new HardwareException(HardwareFault.TimedOut, $"{name} did not carry out a command within {limit.TotalSeconds:0.#} s.", e);
        }
        finally
        {
            done.TrySetCanceled(CancellationToken.None);
        }
    }

    /// <summary>Refuses further calls; those that wait are carried out, so that each of them fails for its own reason.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _closed = true;
            Monitor.PulseAll(_lock);
        }
    }

    private void Enqueue(Action work)
    {
        lock (_lock)
        {
            if (_closed)
            {
                throw new HardwareException(HardwareFault.Unavailable, $"{name} is gone.");
            }

            if (_waiting.Count >= MaxWaiting)
            {
                throw new HardwareException(HardwareFault.TimedOut, $"{name}: {MaxWaiting} commands wait already, and none is carried out.");
            }

            _waiting.Enqueue(work);
            if (_running)
            {
                Monitor.Pulse(_lock);
            }
            else
            {
                _running = true;
                new Thread(Run) { IsBackground = true, Name = $"commands of {name}" }.Start();
            }
        }
    }

    private void Run()
    {
        while (Next() is { } work)
        {
            work();
        }
    }

    private Action? Next()
    {
        lock (_lock)
        {
            while (_waiting.Count == 0 && !_closed)
            {
                if (!Monitor.Wait(_lock, s_idle) && _waiting.Count == 0)
                {
                    break;
                }
            }

            if (_waiting.TryDequeue(out Action? work))
            {
                return work;
            }

            _running = false;
            return null;
        }
    }
}
