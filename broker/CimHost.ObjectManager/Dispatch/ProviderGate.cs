using System.Diagnostics.CodeAnalysis;
using CimHost.ObjectManager.Providers;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Hardware;
using CimHost.Sdk.Providers;
using Microsoft.Extensions.Logging;

namespace CimHost.ObjectManager.Dispatch;

/// <summary>
/// The one way to a provider. Here lives everything about time: deadline, single-flight, cache with age, back-off and circuit breaker.
/// A provider that ignores its cancellation token is left behind: its clients are answered at the deadline, and no more than a bounded
/// number of requests is ever inside it.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A SemaphoreSlim without a wait handle holds nothing to dispose, and calls may outlive the gate.")]
internal sealed partial class ProviderGate
{
    // Results kept for their age, each for a class and a property list of its own.
    private const int MaxKept = 64;

    private readonly DispatchOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _slots;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, SharedEnumeration> _enumerations = new(StringComparer.OrdinalIgnoreCase);
    private int _waiting;
    private long _refused;

    public ProviderGate(ProviderRegistration registration, DispatchOptions options, TimeProvider time, ILogger logger)
    {
        Registration = registration;
        _options = options;
        _time = time;
        _logger = logger;
        _slots = new SemaphoreSlim(Math.Max(1, options.MaxRequestsPerProvider));
        Breaker = new CircuitBreaker(options, time);
    }

    /// <summary>The provider behind the gate.</summary>
    public ProviderRegistration Registration { get; }

    /// <summary>Its circuit breaker.</summary>
    public CircuitBreaker Breaker { get; }

    /// <summary>Requests refused so far because too many waited or the breaker was open.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Results that are kept for their age or are being made now.</summary>
    public int Kept
    {
        get
        {
            lock (_lock)
            {
                return _enumerations.Count;
            }
        }
    }

    private TimeSpan Deadline => Registration.Deadline > TimeSpan.Zero ? Registration.Deadline : TimeSpan.FromSeconds(_options.DeadlineSeconds);

    /// <summary>
    /// The provider's instances of a class: those of a run under way or young enough, else of a new run. Ends with the run's error after
    /// what it could tell.
    /// </summary>
    public IAsyncEnumerable<CimInstance> EnumerateAsync(CimProviderRequest request, CancellationToken cancellationToken)
    {
        string all = Key(request with { PropertyList = null }), narrow = Key(request);
        SharedEnumeration run;
        lock (_lock)
        {
            if (!TryShare(all, out run!) && !TryShare(narrow, out run!))
            {
                DropOld();
                run = new SharedEnumeration();
                _enumerations[narrow] = run;
                _ = ProduceAsync(run, narrow, request);
            }
        }

        return run.ReadAsync(cancellationToken);
    }

    /// <summary>Sends one request of another kind through the gate.</summary>
    /// <exception cref="CimException">The provider's own, or CIM_ERR_FAILED with the reason.</exception>
    public async ValueTask<T> CallAsync<T>(CimProviderRequest request, Func<CimProviderRequest, CancellationToken, ValueTask<T>> call, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(Deadline, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        CancellationToken token = both.Token;
        int ticket = await EnterAsync(request, token, deadline.Token);
        Task<T>? work = null;
        try
        {
            work = RunAsync(() => call(request, token).AsTask());
            T result = await work.WaitAsync(token);
            ReportSuccess(ticket);
            return result;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Breaker.Abandoned(ticket);
            throw;
        }
        catch (Exception e)
        {
            CimException error = Explain(e, request, deadline.IsCancellationRequested);
            Report(ticket, e, error, toldSome: false);
            throw error;
        }
        finally
        {
            LeaveWhenDone(work);
        }
    }

    /// <summary>Forgets kept results, after a change through this provider: the next client sees the change.</summary>
    public void Invalidate()
    {
        lock (_lock)
        {
            _enumerations.Clear();
        }
    }

    private static string Key(CimProviderRequest request)
    {
        string key = request.Namespace + ':' + request.CimClass.ClassName;
        return request.PropertyList is null ? key : key + '?' + string.Join(',', request.PropertyList.Order(StringComparer.OrdinalIgnoreCase));
    }

    private bool TryShare(string key, out SharedEnumeration? run)
    {
        if (!_enumerations.TryGetValue(key, out run))
        {
            return false;
        }

        if (!run.IsComplete || (run.Error is null && _time.GetElapsedTime(run.CompletedAt) < Registration.MaxAge))
        {
            return true;
        }

        _enumerations.Remove(key);
        return false;
    }

    // Every property list is a result of its own: those too old to be served again would stay for ever if only a request for the same
    // list took them away.
    private void DropOld()
    {
        foreach ((string key, SharedEnumeration run) in _enumerations)
        {
            if (run.IsComplete && _time.GetElapsedTime(run.CompletedAt) >= Registration.MaxAge)
            {
                _enumerations.Remove(key);
            }
        }
    }

    private async Task ProduceAsync(SharedEnumeration run, string key, CimProviderRequest request)
    {
        using var deadline = new CancellationTokenSource(Deadline, _time);

        // Taken now: the source may be gone before a busy thread pool comes to start the work.
        CancellationToken token = deadline.Token;
        int ticket;
        try
        {
            ticket = await EnterAsync(request, token, token);
        }
        catch (CimException e)
        {
            Finish(run, key, e);
            return;
        }

        Task? work = null;
        try
        {
            work = RunAsync(() => TellAsync(run, request, token));
            await work.WaitAsync(token);
            ReportSuccess(ticket);
            Finish(run, key, null);
        }
        catch (Exception e)
        {
            CimException error = Explain(e, request, deadline.IsCancellationRequested);
            Report(ticket, e, error, toldSome: run.Count > 0 && !deadline.IsCancellationRequested);
            Finish(run, key, error);
        }
        finally
        {
            LeaveWhenDone(work);
        }
    }

    // Off the caller's thread: a provider may block before its first await. Between awaits too it stays on the scheduler of its package.
    private Task<T> RunAsync<T>(Func<Task<T>> code) =>
        Task.Factory.StartNew(code, CancellationToken.None, TaskCreationOptions.DenyChildAttach, Registration.Scheduler).Unwrap();

    private Task RunAsync(Func<Task> code) =>
        Task.Factory.StartNew(code, CancellationToken.None, TaskCreationOptions.DenyChildAttach, Registration.Scheduler).Unwrap();

    private async Task TellAsync(SharedEnumeration run, CimProviderRequest request, CancellationToken cancellationToken)
    {
        await foreach (CimInstance instance in Registration.Provider.EnumerateAsync(request, cancellationToken).WithCancellation(cancellationToken))
        {
            // A provider that ignores its token must not go on for ever into a run that nobody reads any more.
            cancellationToken.ThrowIfCancellationRequested();
            if (run.Count >= _options.MaxInstancesPerEnumeration)
            {
                throw CimException.Failed($"{Registration.Name} told more than {_options.MaxInstancesPerEnumeration} instances of {request.CimClass.ClassName}; the rest is left out.");
            }

            run.Add(ProvidedInstance.Accept(instance, request, Registration.Name));
        }
    }

    private void Finish(SharedEnumeration run, string key, CimException? error)
    {
        lock (_lock)
        {
            // Without a permitted age the next client starts a run of its own; forgetting it now also frees its memory.
            bool keep = error is null && Registration.MaxAge > TimeSpan.Zero && _enumerations.Count <= MaxKept;
            if (!keep && _enumerations.TryGetValue(key, out SharedEnumeration? current) && ReferenceEquals(current, run))
            {
                _enumerations.Remove(key);
            }
        }

        run.Complete(error, _time.GetTimestamp());
    }

    private async ValueTask<int> EnterAsync(CimProviderRequest request, CancellationToken cancellationToken, CancellationToken deadline)
    {
        if (!Breaker.TryEnter(out TimeSpan retryAfter, out int ticket))
        {
            Interlocked.Increment(ref _refused);
            throw CimException.Failed($"{Registration.Name} is left alone for another {Math.Ceiling(retryAfter.TotalSeconds)} s after repeated failures; the last was: {Breaker.LastFailure}");
        }

        if (Interlocked.Increment(ref _waiting) > _options.MaxWaitingPerProvider)
        {
            Interlocked.Decrement(ref _waiting);
            Interlocked.Increment(ref _refused);
            Breaker.Abandoned(ticket);
            throw new CimException(CimStatusCode.ServerLimitsExceeded, $"{_options.MaxWaitingPerProvider} requests wait for {Registration.Name} already; ask again later.");
        }

        try
        {
            await _slots.WaitAsync(cancellationToken);
            return ticket;
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            // Nobody inside has come back for a whole deadline: that is a failure, also of a trial.
            CimException busy = CimException.Failed($"{Registration.Name} was busy with other requests for {Deadline.TotalSeconds} s; {request.CimClass.ClassName} could not be asked for.");
            ReportFailure(ticket, busy);
            throw busy;
        }
        catch
        {
            Breaker.Abandoned(ticket);
            throw;
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    // The slot is given back when the provider's code has really returned, not when its client was answered: that is what bounds the
    // requests inside a provider that hangs.
    private void LeaveWhenDone(Task? work)
    {
        if (work is null or { IsCompleted: true })
        {
            _slots.Release();
            return;
        }

        work.ContinueWith(
            static (task, state) =>
            {
                _ = task.Exception;
                ((SemaphoreSlim)state!).Release();
            },
            _slots,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    private void ReportSuccess(int ticket)
    {
        if (Breaker.Succeeded(ticket))
        {
            ProviderRecovered(Registration.Name);
        }
    }

    private void ReportFailure(int ticket, CimException error)
    {
        if (Breaker.Failed(ticket, error.Message))
        {
            ProviderLeftAlone(Registration.Name, error.Message);
        }
    }

    // An error that the provider chose to tell about the request (not found, wrong parameter) says nothing against its health, nor does
    // a part of the hardware that is missing from what it could tell.
    private void Report(int ticket, Exception cause, CimException error, bool toldSome)
    {
        bool healthy = cause is CimException { Status: not CimStatusCode.Failed } || (toldSome && cause is (CimException or HardwareException));
        if (healthy)
        {
            ReportSuccess(ticket);
        }
        else
        {
            ReportFailure(ticket, error);
        }
    }

    private CimException Explain(Exception e, CimProviderRequest request, bool deadlinePassed)
    {
        switch (e)
        {
            case CimException known:
                return known;
            case OperationCanceledException when deadlinePassed:
                return CimException.Failed($"{Registration.Name} did not answer for {request.CimClass.ClassName} within {Deadline.TotalSeconds} s.", e);
            case HardwareException hardware:
                return CimException.Failed(hardware.Message, e);
            default:
                ProviderThrew(Registration.Name, request.CimClass.ClassName, e);
                return CimException.Failed($"{Registration.Name} failed on {request.CimClass.ClassName} ({e.GetType().Name}); the host's log has the details.", e);
        }
    }

    [LoggerMessage(2101, LogLevel.Warning, "Provider {Provider} is left alone for a while after repeated failures: {Reason}")]
    private partial void ProviderLeftAlone(string provider, string reason);

    [LoggerMessage(2102, LogLevel.Information, "Provider {Provider} answers again")]
    private partial void ProviderRecovered(string provider);

    [LoggerMessage(2103, LogLevel.Error, "Provider {Provider} failed on {ClassName}")]
    private partial void ProviderThrew(string provider, string className, Exception exception);
}
