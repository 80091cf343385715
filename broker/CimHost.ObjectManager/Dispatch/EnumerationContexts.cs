using System.Collections.Concurrent;
using System.Security.Cryptography;
using CimHost.Sdk.Cim;

namespace CimHost.ObjectManager.Dispatch;

/// <summary>
/// The open enumerations of the pull operations (DSP0200 §5.4.2.24–30), for every protocol. Bounded in number, and closed when a client
/// leaves one unused for longer than its time-out.
/// </summary>
public sealed class EnumerationContexts : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, EnumerationContext> _contexts = new(StringComparer.Ordinal);
    private readonly DispatchOptions _options;
    private readonly TimeProvider _time;
    private readonly ITimer _sweep;
    private int _count;

    internal EnumerationContexts(DispatchOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        _sweep = time.CreateTimer(_ => CloseExpired(), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
    }

    /// <summary>Number of open enumerations.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>
    /// Opens an enumeration of <typeparamref name="T"/> (<see cref="CimInstance"/> or <see cref="CimObjectPath"/>).
    /// </summary>
    /// <param name="kind">Pull operation that may read it ("PullInstancesWithPath"); another one is refused.</param>
    /// <param name="userName">User that may read it.</param>
    /// <param name="open">Starts the enumeration; its token ends when the enumeration is closed.</param>
    /// <param name="timeoutSeconds">Time-out that the client asked for; null: the host's.</param>
    /// <param name="continueOnError">True: an error ends neither the enumeration nor the results after it.</param>
    /// <exception cref="CimException">CIM_ERR_SERVER_LIMITS_EXCEEDED, CIM_ERR_INVALID_OPERATION_TIMEOUT, or what is wrong with the request itself.</exception>
    public EnumerationContext<T> Open<T>(string kind, string userName, Func<CancellationToken, IAsyncEnumerable<T>> open, uint? timeoutSeconds, bool continueOnError)
    {
        // 0 asks for an enumeration that is never closed by the server, which would be a leak; DSP0200 §5.4.2.24.3 lets a server refuse it.
        if (timeoutSeconds is 0 || timeoutSeconds > _options.EnumerationTimeoutSeconds)
        {
            throw new CimException(CimStatusCode.InvalidOperationTimeout, $"OperationTimeout {timeoutSeconds} is not possible; allowed are 1 to {_options.EnumerationTimeoutSeconds} seconds.");
        }

        if (Interlocked.Increment(ref _count) > _options.MaxEnumerationContexts)
        {
            Interlocked.Decrement(ref _count);
            throw new CimException(CimStatusCode.ServerLimitsExceeded, $"{_options.MaxEnumerationContexts} enumerations are open already; close some or try again later.");
        }

        string id = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
        TimeSpan timeout = TimeSpan.FromSeconds(timeoutSeconds ?? (uint)_options.EnumerationTimeoutSeconds);
        EnumerationContext<T> context;
        try
        {
            context = new EnumerationContext<T>(id, kind, userName, open, timeout, continueOnError, _time);
        }
        catch
        {
            Interlocked.Decrement(ref _count);
            throw;
        }

        _contexts[id] = context;
        if (context.RefusedAtOnce is { } error)
        {
            Remove(context);
            _ = context.CloseAsync();
            throw new CimException(error.Status, error.Message, error);
        }

        return context;
    }

    /// <summary>The open enumeration of that id, kind and user.</summary>
    /// <exception cref="CimException">CIM_ERR_INVALID_ENUMERATION_CONTEXT.</exception>
    public EnumerationContext<T> Find<T>(string id, string kind, string userName) =>
        _contexts.TryGetValue(id, out EnumerationContext? context) && context is EnumerationContext<T> typed && context.UserName == userName && context.Kind == kind
            ? typed
            : throw Unknown(kind);

    /// <summary>
    /// Reads at most <paramref name="maxCount"/> further objects (and no more than <see cref="DispatchOptions.MaxObjectsPerPull"/>) into
    /// <paramref name="results"/>; true at the end of the sequence. At the end, after an error unless the client asked to continue on
    /// errors, and after a pull that was broken off, the enumeration is closed.
    /// </summary>
    /// <exception cref="CimException">The enumeration's own error, or CIM_ERR_INVALID_ENUMERATION_CONTEXT when another pull is under way.</exception>
    public async ValueTask<bool> PullAsync<T>(EnumerationContext<T> context, uint maxCount, List<T> results, CancellationToken cancellationToken)
    {
        bool finished = true;
        try
        {
            return finished = await context.PullAsync((uint)Math.Min(maxCount, _options.MaxObjectsPerPull), results, cancellationToken);
        }
        catch (CimException e)
        {
            finished = e.Status is CimStatusCode.PullHasBeenAbandoned || (!context.ContinueOnError && e.Status != CimStatusCode.InvalidEnumerationContext);
            throw;
        }
        finally
        {
            if (finished && Remove(context))
            {
                await context.CloseAsync();
            }
        }
    }

    /// <summary>
    /// How many objects an enumeration has in all (DSP0200 §5.4.2.30), found by reading ahead of the client; null when it cannot be told,
    /// because more than <see cref="DispatchOptions.MaxObjectsPerPull"/> are left or an error comes before the end. No pull is lost by it.
    /// </summary>
    /// <exception cref="CimException">CIM_ERR_INVALID_ENUMERATION_CONTEXT.</exception>
    public ValueTask<ulong?> CountAsync(string id, string userName, CancellationToken cancellationToken) =>
        _contexts.TryGetValue(id, out EnumerationContext? context) && context.UserName == userName
            ? context.CountAsync(_options.MaxObjectsPerPull, cancellationToken)
            : throw Unknown("EnumerationCount");

    /// <summary>Closes an enumeration on the client's behalf.</summary>
    /// <exception cref="CimException">CIM_ERR_INVALID_ENUMERATION_CONTEXT.</exception>
    public async ValueTask CloseAsync(string id, string userName)
    {
        if (!_contexts.TryGetValue(id, out EnumerationContext? context) || context.UserName != userName || !Remove(context))
        {
            throw Unknown("CloseEnumeration");
        }

        await context.CloseAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _sweep.DisposeAsync();
        foreach (EnumerationContext context in _contexts.Values)
        {
            if (Remove(context))
            {
                await context.CloseAsync();
            }
        }
    }

    private static CimException Unknown(string operation) =>
        new(CimStatusCode.InvalidEnumerationContext, $"The enumeration context is not open for {operation}: it was closed, has ended, timed out, or belongs to another operation.");

    private bool Remove(EnumerationContext context)
    {
        if (!_contexts.TryRemove(KeyValuePair.Create(context.Id, context)))
        {
            return false;
        }

        Interlocked.Decrement(ref _count);
        return true;
    }

    private void CloseExpired()
    {
        foreach (EnumerationContext context in _contexts.Values)
        {
            if (context.IsExpired && Remove(context))
            {
                _ = context.CloseAsync();
            }
        }
    }
}
