using System.Runtime.CompilerServices;
using CimHost.Sdk.Cim;

namespace CimHost.ObjectManager.Dispatch;

/// <summary>
/// One run of a provider's enumeration, read by any number of clients at once: whoever asks for the same thing while it runs, or while its
/// result is young enough, shares it. The producer appends, readers follow at their own pace. The run does not end when a reader leaves.
/// </summary>
internal sealed class SharedEnumeration
{
    private readonly Lock _lock = new();
    private readonly List<CimInstance> _instances = [];
    private TaskCompletionSource? _changed;
    private bool _complete;

    /// <summary>Why the run ended early; null while it runs and when it told everything.</summary>
    public CimException? Error { get; private set; }

    /// <summary>When the run ended, on the clock that the gate was given; meaningless before.</summary>
    public long CompletedAt { get; private set; }

    /// <summary>True when nothing more will come.</summary>
    public bool IsComplete
    {
        get
        {
            lock (_lock)
            {
                return _complete;
            }
        }
    }

    /// <summary>Number of instances so far.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _instances.Count;
            }
        }
    }

    /// <summary>Adds an instance; ignored after the end (a provider that goes on after it was given up).</summary>
    public void Add(CimInstance instance)
    {
        TaskCompletionSource? changed;
        lock (_lock)
        {
            if (_complete)
            {
                return;
            }

            _instances.Add(instance.Freeze());
            changed = _changed;
            _changed = null;
        }

        changed?.TrySetResult();
    }

    /// <summary>Ends the run; only the first call counts.</summary>
    public bool Complete(CimException? error, long timestamp)
    {
        TaskCompletionSource? changed;
        lock (_lock)
        {
            if (_complete)
            {
                return false;
            }

            Error = error;
            CompletedAt = timestamp;
            _complete = true;
            changed = _changed;
            _changed = null;
        }

        changed?.TrySetResult();
        return true;
    }

    /// <summary>Reads from the start; throws the run's error, if any, after the last instance.</summary>
    public async IAsyncEnumerable<CimInstance> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (int next = 0; ; next++)
        {
            CimInstance? instance;
            while (!TryGet(next, out instance, out Task? wait))
            {
                if (wait is null)
                {
                    if (Error is not null)
                    {
                        throw new CimException(Error.Status, Error.Message, Error);
                    }

                    yield break;
                }

                await wait.WaitAsync(cancellationToken);
            }

            yield return instance!;
        }
    }

    private bool TryGet(int index, out CimInstance? instance, out Task? wait)
    {
        lock (_lock)
        {
            wait = null;
            instance = index < _instances.Count ? _instances[index] : null;
            if (instance is not null)
            {
                return true;
            }

            if (!_complete)
            {
                wait = (_changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }

            return false;
        }
    }
}
