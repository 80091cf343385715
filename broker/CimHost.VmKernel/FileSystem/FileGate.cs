namespace CimHost.VmKernel.FileSystem;

/// <summary>
/// A reader/writer lock that may be held over an await: many readers or one writer, first come first served. Entering a free gate does
/// not allocate.
/// </summary>
internal sealed class FileGate
{
    private const int Writer = -1;

    private readonly Queue<Waiter> _waiters = new(0);
    private int _holders;

    /// <summary>Enters; <see cref="Exit"/> follows.</summary>
    /// <param name="shared">With other readers, or alone.</param>
    /// <param name="cancellationToken">Ends the wait; the gate was not entered then.</param>
    public ValueTask EnterAsync(bool shared, CancellationToken cancellationToken)
    {
        var spinner = default(SpinWait);
        while (!TryEnter(shared))
        {
            // Operations in memory take less than a microsecond: waiting for them costs less than a continuation.
            if (spinner.NextSpinWillYield)
            {
                return WaitAsync(shared, cancellationToken);
            }

            spinner.SpinOnce();
        }

        return default;
    }

    /// <summary>Leaves and lets the next ones in.</summary>
    public void Exit()
    {
        lock (_waiters)
        {
            _holders = _holders == Writer ? 0 : _holders - 1;
            while (_waiters.TryPeek(out Waiter? next) && CanEnter(next.Shared))
            {
                _waiters.Dequeue();
                if (next.TrySetResult())
                {
                    Enter(next.Shared);
                }
            }
        }
    }

    private bool TryEnter(bool shared)
    {
        lock (_waiters)
        {
            if (_waiters.Count > 0 || !CanEnter(shared))
            {
                return false;
            }

            Enter(shared);
            return true;
        }
    }

    private bool CanEnter(bool shared) => shared ? _holders >= 0 : _holders == 0;

    private void Enter(bool shared) => _holders = shared ? _holders + 1 : Writer;

    private async ValueTask WaitAsync(bool shared, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var waiter = new Waiter(shared);
        lock (_waiters)
        {
            if (_waiters.Count == 0 && CanEnter(shared))
            {
                Enter(shared);
                return;
            }

            _waiters.Enqueue(waiter);
        }

        // Whoever completes the waiter first decides: a cancelled one is passed over by Exit.
        using (cancellationToken.UnsafeRegister(static (state, token) => ((Waiter)state!).TrySetCanceled(token), waiter))
        {
            await waiter.Task;
        }
    }

    private sealed class Waiter(bool shared) : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public bool Shared => shared;
    }
}
