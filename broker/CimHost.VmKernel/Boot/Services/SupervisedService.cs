using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;

namespace CimHost.VmKernel.Boot.Services;

/// <summary>One service under supervision: a loop that starts it, waits for its end, and starts it again after a pause, until it is stopped.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore without a wait handle and a source without a timer hold nothing; late callers must still be answered.")]
internal sealed partial class SupervisedService(ServiceDefinition definition, TimeProvider time, ILogger logger, Action changed)
{
    public static readonly TimeSpan FirstBackOff = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan LongestBackOff = TimeSpan.FromSeconds(60);
    public static readonly TimeSpan HealthyAfter = TimeSpan.FromMinutes(1);
    public static readonly TimeSpan KillLimit = TimeSpan.FromSeconds(5);

    private readonly ILogger _logger = logger;
    private readonly Lock _lock = new();

    // Held while the loop is begun or ended, so that a start during a stop begins behind it.
    private readonly SemaphoreSlim _gate = new(1);
    private TaskCompletionSource<string?> _attempt = NewAttempt();
    private TaskCompletionSource _tried = NewSignal();
    private TaskCompletionSource _running = NewSignal();
    private TaskCompletionSource _wake = NewSignal();
    private CancellationTokenSource? _stop;
    private Task _loop = Task.CompletedTask;
    private IServiceRun? _run;
    private ServiceState _state;
    private DateTimeOffset _since = time.GetUtcNow();
    private string? _reason;
    private int _restarts;
    private bool _isClosed;

    public ServiceDefinition Definition { get; } = definition;

    public ServiceState State
    {
        get
        {
            lock (_lock)
            {
                return _state;
            }
        }
    }

    /// <summary>Whether it runs or is on the way there.</summary>
    public bool IsActive => State is not (ServiceState.Stopped or ServiceState.Blocked);

    public ServiceStatus Status(ServicePolicy policy)
    {
        lock (_lock)
        {
            return new ServiceStatus(Definition.Name, Definition.Description, _state, _since, policy, Definition.IsRequired, Definition.Requires, _restarts, _reason, _run?.ResourceUse);
        }
    }

    /// <summary>Completes when the service runs; at once when it does.</summary>
    public Task WhenRunning()
    {
        lock (_lock)
        {
            return _running.Task;
        }
    }

    /// <summary>Completes when the first attempt since it was started by policy or by name has ended, however.</summary>
    public Task WhenTried()
    {
        lock (_lock)
        {
            return _tried.Task;
        }
    }

    /// <summary>How the attempt that is going on, or the next one, ends: null when the service runs, else why it does not.</summary>
    public Task<string?> WhenAttempted()
    {
        lock (_lock)
        {
            return _state == ServiceState.Running ? Task.FromResult<string?>(null) : _attempt.Task;
        }
    }

    public void Block(string reason) => Set(ServiceState.Blocked, reason);

    /// <summary>Begins to supervise, or ends the pause of a service that is supervised; then see <see cref="WhenAttempted"/>.</summary>
    /// <param name="before">What to wait for before the first attempt.</param>
    /// <param name="cancellationToken">Gives up while a stop is going on.</param>
    public async Task<Task<string?>> StartAsync(Func<CancellationToken, Task> before, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_isClosed)
            {
                throw new ServiceException($"Service {Definition.Name} is not started: the host is shutting down.");
            }

            // Taken first: the attempt may have ended when the loop lets go of this thread.
            Task<string?> attempt = WhenAttempted();
            if (_loop.IsCompleted)
            {
                lock (_lock)
                {
                    _restarts = 0;
                    _tried = _tried.Task.IsCompleted ? NewSignal() : _tried;
                }

                _stop = new CancellationTokenSource();
                Set(ServiceState.Waiting, null);
                _loop = RunAsync(before, _stop.Token);
            }
            else
            {
                _wake.TrySetResult();
            }

            return attempt;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Stops it, killing it when the time limit is over, and returns when it has ended.</summary>
    /// <param name="close">Whether it is never to be started again.</param>
    public async Task StopAsync(bool close)
    {
        await _gate.WaitAsync();
        try
        {
            _isClosed |= close;
            if (_stop is { } stop)
            {
                await stop.CancelAsync();
            }

            await _loop;
            if (State == ServiceState.Blocked)
            {
                Set(ServiceState.Stopped, null);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    private static TaskCompletionSource<string?> NewAttempt() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task RunAsync(Func<CancellationToken, Task> before, CancellationToken stop)
    {
        string? reason = null;
        try
        {
            await before(stop);
            TimeSpan backOff = FirstBackOff;
            while (true)
            {
                (reason, bool healthy) = await RunOnceAsync(backOff, stop);
                if (stop.IsCancellationRequested)
                {
                    break;
                }

                if (State == ServiceState.Blocked)
                {
                    Attempted(reason);
                    return;
                }

                backOff = healthy ? FirstBackOff : backOff;
                await PauseAsync(backOff, reason, stop);
                backOff = backOff * 2 < LongestBackOff ? backOff * 2 : LongestBackOff;
                lock (_lock)
                {
                    _restarts++;
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Stopped while it was not running.
        }
        catch (Exception e)
        {
            reason = e.Message;
            LogSupervisionFailed(e, Definition.Name);
        }

        Set(ServiceState.Stopped, null);
        Attempted(reason ?? "it was stopped");
    }

    // Why it does not run any more, and whether it had run long enough to be trusted again.
    private async Task<(string? Reason, bool Healthy)> RunOnceAsync(TimeSpan backOff, CancellationToken stop)
    {
        Set(ServiceState.Starting, null);
        (IServiceRun? run, string? failure, bool isFinal) = await AttemptAsync(stop);
        if (run is null)
        {
            stop.ThrowIfCancellationRequested();
            if (isFinal)
            {
                LogBlocked(Definition.Name, failure!);
                Block(failure!);
                return (failure, false);
            }

            LogNotStarted(Definition.Name, failure!, backOff.TotalSeconds);
            Attempted(failure);
            return (failure, false);
        }

        long began = time.GetTimestamp();
        lock (_lock)
        {
            _run = run;
        }

        Set(ServiceState.Running, null);
        Attempted(null);
        if (await IsStoppedFirstAsync(run, stop))
        {
            Set(ServiceState.Stopping, null);
            await EndAsync(run);
            return (null, true);
        }

        string exit = await DescribeExitAsync(run);
        TimeSpan ran = time.GetElapsedTime(began);
        bool healthy = ran >= HealthyAfter;
        LogCrashed(Definition.Name, exit, ran.TotalSeconds, run.ResourceUse.CpuTime.TotalSeconds, run.ResourceUse.PeakMemoryBytes, (healthy ? FirstBackOff : backOff).TotalSeconds);
        return (exit, healthy);
    }

    private async Task<(IServiceRun? Run, string? Failure, bool IsFinal)> AttemptAsync(CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(Definition.StartLimit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);

        // On the pool, as a service of a package may do its work before its first await.
        CancellationToken token = both.Token;
        Task<IServiceRun> starting = Task.Run(() => Definition.Start(token), CancellationToken.None);
        try
        {
            return await starting.WaitAsync(token) is { } run ? (run, null, false) : (null, "its start returned nothing to watch", false);
        }
        catch (Exception e)
        {
            _ = KillLateAsync(starting);
            stop.ThrowIfCancellationRequested();
            return (null, limit.IsCancellationRequested ? $"it did not start within {Definition.StartLimit.TotalSeconds} s" : e.Message, e is ServiceException);
        }
    }

    private static async Task KillLateAsync(Task<IServiceRun> starting)
    {
        try
        {
            (await starting).Kill();
        }
        catch (Exception)
        {
            // It failed, as it should have.
        }
    }

    private static async Task<bool> IsStoppedFirstAsync(IServiceRun run, CancellationToken stop)
    {
        TaskCompletionSource asked = NewSignal();
        using (stop.Register(asked.SetResult))
        {
            return await Task.WhenAny(run.Completion, asked.Task) == asked.Task;
        }
    }

    private static async Task<string> DescribeExitAsync(IServiceRun run)
    {
        try
        {
            return (await run.Completion).ToString();
        }
        catch (Exception e)
        {
            return $"it failed: {e.Message}";
        }
    }

    private async Task EndAsync(IServiceRun run)
    {
        using (var limit = new CancellationTokenSource(Definition.StopLimit, time))
        {
            try
            {
                await Task.Run(() => run.StopAsync(limit.Token), CancellationToken.None).WaitAsync(limit.Token);
                await Task.WhenAny(run.Completion).WaitAsync(limit.Token);
                return;
            }
            catch (Exception e)
            {
                string why = limit.IsCancellationRequested ? $"it did not end within {Definition.StopLimit.TotalSeconds} s" : e.Message;
                LogKilled(Definition.Name, why, run.ResourceUse.CpuTime.TotalSeconds, run.ResourceUse.PeakMemoryBytes);
            }
        }

        try
        {
            run.Kill();
            await Task.WhenAny(run.Completion).WaitAsync(KillLimit, time);
        }
        catch (Exception e)
        {
            LogAbandoned(Definition.Name, e.Message);
        }
    }

    private async Task PauseAsync(TimeSpan length, string? reason, CancellationToken stop)
    {
        TaskCompletionSource wake = _wake = NewSignal();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task pause = Task.Delay(length, time, end.Token);

        // Told only now, when time already counts.
        Set(ServiceState.BackingOff, reason);
        await Task.WhenAny(pause, wake.Task);
        await end.CancelAsync();
        stop.ThrowIfCancellationRequested();
    }

    private void Attempted(string? failure)
    {
        TaskCompletionSource<string?> attempt;
        lock (_lock)
        {
            attempt = _attempt;
            _attempt = NewAttempt();
            _tried.TrySetResult();
        }

        attempt.SetResult(failure);
    }

    private void Set(ServiceState state, string? reason)
    {
        lock (_lock)
        {
            if (state == ServiceState.Running)
            {
                _running.SetResult();
            }
            else if (_state == ServiceState.Running)
            {
                _running = NewSignal();
            }

            _state = state;
            _reason = reason;
            _since = time.GetUtcNow();
        }

        changed();
    }
}
