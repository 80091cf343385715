using System.Runtime.CompilerServices;
using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices.Io.Statistics;

namespace CimHost.VmKernel.Devices.Io.Requests;

/// <summary>
/// The way of requests to one device: injected faults, accounting, fair queue over worlds, deadline, driver, retries. It knows nothing of
/// the kind of device; <see cref="IoOperation{TRequest, TResponse}"/> does. No lock is held over an await.
/// </summary>
internal sealed class IoPath : IDisposable
{
    private readonly string _device;
    private readonly IoOptions _options;
    private readonly TimeProvider _time;
    private readonly FairSlots _slots;
    private readonly AbortSources _aborts;
    private readonly CancellationTokenSource _closed = new();
    private readonly CancellationToken _whenClosed;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, WorldLane> _lanes = [];
    private IoStatistics _ended = IoStatistics.None;
    private volatile string? _closedBecause;

    /// <summary>Creates the way to a device.</summary>
    /// <param name="device">Name of the device for messages.</param>
    /// <param name="concurrency">Most requests that the driver is given at once.</param>
    /// <param name="options">Limits.</param>
    /// <param name="time">Clock of deadlines and latencies.</param>
    public IoPath(string device, int concurrency, IoOptions options, TimeProvider time)
    {
        (_device, _options, _time) = (device, options, time);
        _slots = new FairSlots(device, concurrency, options.QueueLimit);
        _aborts = new AbortSources(time);
        _whenClosed = _closed.Token;
        Faults = new IoFaults(device, options.QueueLimit, time);
    }

    /// <summary>Injected faults.</summary>
    public IoFaults Faults { get; }

    /// <summary>How many requests the driver is given at once.</summary>
    public int Concurrency => _slots.Count;

    /// <summary>Gives a world its place in the queue and its counts; worlds of the same name share them. Close it when the world ends.</summary>
    public WorldLane Open(string world)
    {
        lock (_lock)
        {
            if (!_lanes.TryGetValue(world, out WorldLane? lane))
            {
                _lanes.Add(world, lane = new WorldLane(world));
            }

            lane.Users++;
            return lane;
        }
    }

    /// <summary>Ends what <see cref="Open"/> began. Counts of a world that nobody has open any more stay in those of the device.</summary>
    public void Close(WorldLane lane)
    {
        lock (_lock)
        {
            lane.Users--;
            FoldEnded();
        }
    }

    /// <summary>Carries a request out.</summary>
    /// <exception cref="HardwareException">The fault of the driver; TimedOut at the deadline; Unavailable when too many requests of the world wait, the device was detached or the world ended.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async ValueTask<TResponse> SubmitAsync<TRequest, TResponse>(
        WorldLane lane, IoOperation<TRequest, TResponse> operation, TRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (lane.Users == 0 && _closedBecause is null)
        {
            throw new HardwareException(HardwareFault.Unavailable, $"{_device}: {lane.World} gave its devices up.");
        }

        lane.Begin();
        lane.Counters.CountRequest();
        var call = new Call(lane, _aborts.Rent(_options.Deadline));
        CancellationTokenRegistration givenUp = Link(call.Abort, cancellationToken);
        CancellationTokenRegistration closed = Link(call.Abort, _whenClosed);
        try
        {
            await Faults.ApplyAsync(lane, call.Abort.Token);
            TResponse response = await TryAsync(call, operation, request);
            lane.Counters.CountSuccess(operation.CountBytes(request, response));
            return response;
        }
        catch (Exception e)
        {
            if (Translate(call, e, cancellationToken) is { } translated)
            {
                throw translated;
            }

            throw;
        }
        finally
        {
            givenUp.Dispose();
            closed.Dispose();
            lane.End();
            if (!call.IsOverdue)
            {
                _aborts.Return(call.Abort);
            }
        }
    }

    /// <summary>Ends all requests with Unavailable, and refuses new ones.</summary>
    /// <param name="reason">Why, for people: "it was detached".</param>
    public void Shut(string reason)
    {
        _closedBecause = reason;
        _closed.Cancel();
    }

    /// <summary>To be called after <see cref="Shut"/>.</summary>
    public void Dispose() => _closed.Dispose();

    /// <summary>Counts and latencies.</summary>
    public DeviceStatistics GetStatistics()
    {
        lock (_lock)
        {
            FoldEnded();
            Dictionary<string, IoStatistics> worlds = _lanes.ToDictionary(lane => lane.Key, lane => Snapshot(lane.Value));
            IoStatistics total = worlds.Values.Aggregate(_ended, (sum, world) => sum + world);
            return new DeviceStatistics(total with { MostInFlight = _slots.MostInFlight }, worlds);
        }
    }

    private static CancellationTokenRegistration Link(CancellationTokenSource abort, CancellationToken token) =>
        token.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), abort);

    // Awaited once and here only, so that what an await needs can be used again.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<TResponse> TryAsync<TRequest, TResponse>(Call call, IoOperation<TRequest, TResponse> operation, TRequest request)
    {
        for (int retries = 0; ; retries++)
        {
            try
            {
                return await IssueAsync(call, operation, request);
            }
            catch (HardwareException e) when (
                retries < _options.MaxRetries
                && e.Fault is HardwareFault.TimedOut or HardwareFault.Malformed
                && !call.Abort.IsCancellationRequested
                && operation.MayRetry(request, e.Fault))
            {
                call.Lane.Counters.CountRetry();
            }
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<TResponse> IssueAsync<TRequest, TResponse>(Call call, IoOperation<TRequest, TResponse> operation, TRequest request)
    {
        CancellationToken abort = call.Abort.Token;
        abort.ThrowIfCancellationRequested();
        long queued = _time.GetTimestamp();
        await _slots.AcquireAsync(call.Lane, abort);
        long started = _time.GetTimestamp();
        call.Lane.Counters.QueueTime.Record(_time.GetElapsedTime(queued, started));
        call.WasIssued = true;
        Task<TResponse>? late = null;
        try
        {
            ValueTask<TResponse> answer = operation.IssueAsync(request, abort);
            if (answer.IsCompleted)
            {
                return await answer;
            }

            late = answer.AsTask();
            return await late.WaitAsync(abort);
        }
        catch (OperationCanceledException) when (abort.IsCancellationRequested)
        {
            call.Lane.Counters.CountAbort();
            throw;
        }
        finally
        {
            if (late is { IsCompleted: false })
            {
                ReleaseLater(call, late, started);
            }
            else
            {
                Release(call.Lane, started, wasOverdue: false);
            }
        }
    }

    // The driver has not let go of the request: its slot stays taken until it does.
    private void ReleaseLater(Call call, Task late, long started)
    {
        call.IsOverdue = true;
        _slots.MarkOverdue(call.Lane);
        late.ContinueWith(
            task =>
            {
                // Nobody asks for its failure any more.
                _ = task.Exception;
                Release(call.Lane, started, wasOverdue: true);
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    private void Release(WorldLane lane, long started, bool wasOverdue)
    {
        lane.Counters.ServiceTime.Record(_time.GetElapsedTime(started));
        _slots.Release(lane, wasOverdue);
    }

    // What the caller is told instead; null for the exception itself.
    private Exception? Translate(Call call, Exception exception, CancellationToken cancellationToken)
    {
        IoCounters counters = call.Lane.Counters;
        if (exception is HardwareException hardware)
        {
            counters.CountError(hardware.Fault);
            return null;
        }

        if (exception is not OperationCanceledException)
        {
            counters.CountOtherError();
            return null;
        }

        if (cancellationToken.IsCancellationRequested)
        {
            counters.CountCancelled();
            return new OperationCanceledException(cancellationToken);
        }

        if (_closedBecause is { } reason)
        {
            counters.CountError(HardwareFault.Unavailable);
            return new HardwareException(HardwareFault.Unavailable, $"{_device} cannot be used: {reason}.", exception);
        }

        if (!call.Abort.IsCancellationRequested)
        {
            counters.CountError(HardwareFault.Unavailable);
            return new HardwareException(HardwareFault.Unavailable, $"{_device}: the driver gave the request up.", exception);
        }

        counters.CountTimeout();
        counters.CountError(HardwareFault.TimedOut);
        string what = call.WasIssued ? "gave no answer" : "was so busy that a request got no turn";
        return new HardwareException(HardwareFault.TimedOut, $"{_device} {what} within {_options.Deadline.TotalSeconds:0.###} s.", exception);
    }

    private IoStatistics Snapshot(WorldLane lane)
    {
        (int queued, int inFlight, int overdue, int most) = _slots.Gauge(lane);
        return lane.Counters.GetSnapshot(queued, inFlight, overdue) with { MostInFlight = most };
    }

    private void FoldEnded()
    {
        foreach ((string world, WorldLane lane) in _lanes)
        {
            if (lane is { Users: 0, Outstanding: 0 } && _slots.Gauge(lane).InFlight == 0)
            {
                _ended += Snapshot(lane);
                _lanes.Remove(world);
            }
        }
    }

    /// <summary>A request under way.</summary>
    private sealed class Call(WorldLane lane, CancellationTokenSource abort)
    {
        public WorldLane Lane => lane;

        public CancellationTokenSource Abort => abort;

        public bool WasIssued { get; set; }

        public bool IsOverdue { get; set; }
    }
}
