using System.Diagnostics.CodeAnalysis;
using CimHost.Sdk.Cim;

namespace CimHost.ObjectManager.Dispatch;

/// <summary>An open enumeration of the pull operations.</summary>
public abstract class EnumerationContext
{
    private readonly TimeProvider _time;
    private readonly TimeSpan _timeout;
    private long _lastUse;

    private protected EnumerationContext(string id, string kind, string userName, TimeSpan timeout, TimeProvider time)
    {
        Id = id;
        Kind = kind;
        UserName = userName;
        _timeout = timeout;
        _time = time;
        _lastUse = time.GetTimestamp();
    }

    /// <summary>The id that the client holds.</summary>
    public string Id { get; }

    /// <summary>Pull operation that may read it.</summary>
    public string Kind { get; }

    /// <summary>User that may read it.</summary>
    public string UserName { get; }

    internal bool IsExpired => !IsBusy && _time.GetElapsedTime(Interlocked.Read(ref _lastUse)) > _timeout;

    private protected abstract bool IsBusy { get; }

    internal abstract Task CloseAsync();

    /// <summary>
    /// How many objects the enumeration has in all, those read already included; reads ahead of the client to find out. Null when that
    /// cannot be told: more than <paramref name="maxAhead"/> are left, or an error stands before the end.
    /// </summary>
    internal abstract ValueTask<ulong?> CountAsync(int maxAhead, CancellationToken cancellationToken);

    private protected void Touch() => Interlocked.Exchange(ref _lastUse, _time.GetTimestamp());
}

/// <summary>An open enumeration of objects of one kind.</summary>
/// <typeparam name="T">Instances or paths.</typeparam>
[SuppressMessage("Design", "CA1001", Justification = "CloseAsync disposes what it owns; the table of contexts calls it exactly once.")]
public sealed class EnumerationContext<T> : EnumerationContext
{
    private readonly CancellationTokenSource _closed = new();
    private readonly SemaphoreSlim _turn = new(1);
    private readonly IAsyncEnumerator<T> _items;

    // Objects that were read to count them and that no pull has fetched yet.
    private readonly Queue<T> _ahead = new();
    private ulong _fetched;
    private Task<bool>? _next;
    private CimException? _pendingError;
    private bool _ended;

    internal EnumerationContext(string id, string kind, string userName, Func<CancellationToken, IAsyncEnumerable<T>> open, TimeSpan timeout, bool continueOnError, TimeProvider time)
        : base(id, kind, userName, timeout, time)
    {
        ContinueOnError = continueOnError;
        _items = open(_closed.Token).GetAsyncEnumerator(_closed.Token);

        // The first step is taken at once: what is wrong with the request itself (unknown class, wrong filter) shows before the first wait
        // and is the answer to the open, also to one that asks for no object yet; and providers start to work.
        _next = _items.MoveNextAsync().AsTask();
    }

    /// <summary>Why the request itself is wrong; null when it is right as far as could be told at once.</summary>
    internal CimException? RefusedAtOnce => _next is { IsFaulted: true } ? _next.Exception.InnerException as CimException : null;

    internal bool ContinueOnError { get; }

    private protected override bool IsBusy => _turn.CurrentCount == 0;

    /// <summary>Reads at most <paramref name="maxCount"/> further objects; true at the end of the sequence.</summary>
    internal async ValueTask<bool> PullAsync(uint maxCount, List<T> results, CancellationToken cancellationToken)
    {
        await TakeTurnAsync();
        try
        {
            // A client that goes away in the middle of a pull gives the enumeration up: what was read for it cannot be read again.
            await using CancellationTokenRegistration gone = cancellationToken.Register(static source => ((CancellationTokenSource)source!).Cancel(), _closed);
            while (results.Count < maxCount && _ahead.TryDequeue(out T? item))
            {
                results.Add(item);
            }

            await ReadAsync(maxCount, results.Count, results.Add);
            _fetched += (ulong)results.Count;
            return HasEnded(maxCount, results.Count);
        }
        finally
        {
            Touch();
            _turn.Release();
        }
    }

    internal override async ValueTask<ulong?> CountAsync(int maxAhead, CancellationToken cancellationToken)
    {
        await TakeTurnAsync();
        try
        {
            await using CancellationTokenRegistration gone = cancellationToken.Register(static source => ((CancellationTokenSource)source!).Cancel(), _closed);
            await ReadAsync((uint)maxAhead, _ahead.Count, _ahead.Enqueue);
            return _ended && _pendingError is null ? _fetched + (ulong)_ahead.Count : null;
        }
        finally
        {
            Touch();
            _turn.Release();
        }
    }

    internal override async Task CloseAsync()
    {
        await _closed.CancelAsync();
        await _turn.WaitAsync();
        if (_next is not null)
        {
            // A step under way ends with the cancellation; how, nobody waits for any more.
            await _next.ContinueWith(static step => _ = step.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }

        await _items.DisposeAsync();
        _closed.Dispose();
    }

    private async ValueTask TakeTurnAsync()
    {
        if (!await _turn.WaitAsync(0, CancellationToken.None))
        {
            throw new CimException(CimStatusCode.InvalidEnumerationContext, "Another pull on this enumeration context is under way.");
        }
    }

    // Reads until there are maxCount objects, of which count are there already, or the sequence ends or fails.
    private async ValueTask ReadAsync(uint maxCount, int count, Action<T> add)
    {
        try
        {
            for (; !_ended && _pendingError is null && count < maxCount; count++)
            {
                bool more = _next is { } first ? await first : await _items.MoveNextAsync();
                _next = null;
                if (!more)
                {
                    _ended = true;
                    return;
                }

                add(_items.Current);
            }
        }
        catch (OperationCanceledException) when (_closed.IsCancellationRequested)
        {
            throw new CimException(CimStatusCode.PullHasBeenAbandoned, "The enumeration was closed while this pull was under way.");
        }
        catch (CimException e)
        {
            _next = null;
            _pendingError = e;
        }
    }

    // What was read before an error is delivered first; the error is the answer to the next pull.
    private bool HasEnded(uint maxCount, int count)
    {
        if (_pendingError is { } error && count == 0 && maxCount > 0)
        {
            _pendingError = null;
            _ended = true;
            throw new CimException(error.Status, error.Message, error);
        }

        return _ended && _ahead.Count == 0;
    }
}
