using CimHost.Sdk.Cim;
using Microsoft.Extensions.Logging;

namespace CimHost.ObjectManager.Indications;

/// <summary>
/// Delivers the queue of one destination in its order. Each destination has a worker and a connection of its own, so that none waits for
/// another's listener. An indication is tried DeliveryRetryAttempts times again with growing pauses from DeliveryRetryInterval on, and
/// until its subscription's FailureTriggerTimeInterval is over; then its OnFatalErrorPolicy counts.
/// </summary>
internal sealed partial class DeliveryWorker : IAsyncDisposable
{
    private const int Batch = 64;
    private static readonly TimeSpan s_longestPause = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan s_pauseAfterFault = TimeSpan.FromSeconds(5);

    // What a listener gets at the end of the host to answer the delivery under way, so that it does not get the same one again at the next start.
    private static readonly TimeSpan s_lastAnswer = TimeSpan.FromSeconds(2);

    private readonly DestinationEntry _destination;
    private readonly IndicationState _state;
    private readonly ExportClient _client;
    private readonly IndicationOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _abandon = new();
    private readonly SemaphoreSlim _queued = new(0, 1);
    private readonly Task _work;
    private CancellationTokenSource _pause = new();

    /// <summary>Begins to deliver.</summary>
    public DeliveryWorker(DestinationEntry destination, IndicationState state, ExportClient client, IndicationOptions options, TimeProvider time, ILogger logger)
    {
        _destination = destination;
        _state = state;
        _client = client;
        _options = options;
        _time = time;
        _logger = logger;
        _work = Task.Run(RunAsync);
    }

    /// <summary>There may be something in the queue.</summary>
    public void Wake()
    {
        try
        {
            _queued.Release();
        }
        catch (SemaphoreFullException)
        {
            // It will look anyway.
        }
    }

    /// <summary>Tries again at once, after the destination was changed.</summary>
    public void Retry()
    {
        Interlocked.Exchange(ref _pause, new CancellationTokenSource()).Cancel();
        Wake();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _abandon.CancelAfter(_destination.IsDeleted ? TimeSpan.Zero : s_lastAnswer);
        await _work;
        _client.Dispose();
        _stop.Dispose();
        _abandon.Dispose();
        _queued.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested && !_destination.IsDeleted)
        {
            try
            {
                if (!await DeliverBatchAsync())
                {
                    await _queued.WaitAsync(_stop.Token);
                }
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (CimException e)
            {
                // The database is in trouble; nothing can be done but to look again, and nothing is lost by that.
                LogFault(_destination.Name, e.Message);
                await Task.Delay(s_pauseAfterFault, _time, _stop.Token).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }
        }
    }

    // False when nothing waits.
    private async Task<bool> DeliverBatchAsync()
    {
        long removals = _destination.Removals;
        List<QueuedIndication> waiting = _state.Oldest(_destination, Batch);
        foreach (QueuedIndication indication in waiting)
        {
            // What was given up meanwhile, with its subscription or for newer ones, is not sent any more.
            if (removals != _destination.Removals || !await DeliverAsync(indication))
            {
                break;
            }
        }

        return waiting.Count > 0;
    }

    // True when it was delivered and the next one of the batch may follow.
    private async Task<bool> DeliverAsync(QueuedIndication indication)
    {
        long removals = _destination.Removals;
        for (int attempt = 1; ; attempt++)
        {
            // From before the sending: what fails at the old address while the destination is changed is sent to the new one at once.
            CancellationToken changed = Volatile.Read(ref _pause).Token;
            string? failure = await _client.SendAsync(_destination.Instance, indication.Payload, _abandon.Token);
            if (failure is null)
            {
                // A sudden end of the host between these lines means that the listener sees the same number again, which is allowed (DSP1054).
                await _state.DeliveredAsync(_destination, indication, CancellationToken.None);
                Succeeded();
                return !_stop.IsCancellationRequested;
            }

            _stop.Token.ThrowIfCancellationRequested();

            Failed(failure, indication);
            if ((!changed.IsCancellationRequested && await GiveUpAsync(indication, attempt, failure)) || removals != _destination.Removals)
            {
                return false;
            }

            using var either = CancellationTokenSource.CreateLinkedTokenSource(changed, _stop.Token);
            TimeSpan pause = Pause(attempt);
            _destination.Update(s => s with { NextAttempt = _time.GetUtcNow() + pause });
            try
            {
                await Task.Delay(pause, _time, either.Token);
            }
            catch (OperationCanceledException) when (changed.IsCancellationRequested && !_stop.IsCancellationRequested)
            {
                // The destination was changed: it starts anew.
                attempt = 0;
            }

            if (removals != _destination.Removals)
            {
                return false;
            }
        }
    }

    private async Task<bool> GiveUpAsync(QueuedIndication indication, int attempt, string failure)
    {
        IndicationSettings settings = _state.Settings;
        DateTimeOffset now = _time.GetUtcNow();
        TimeSpan failing = now - (_destination.Status.FailingSince ?? now);
        SubscriptionEntry? subscription = _state.Subscription(indication);
        if (subscription is not null && settings.SubscriptionRemovalAction == 2 && failing > TimeSpan.FromSeconds(settings.SubscriptionRemovalTimeInterval))
        {
            await _state.RemoveSubscriptionsAsync(_destination, $"The subscription was deleted, as the listener failed for longer than SubscriptionRemovalTimeInterval. {failure}", _stop.Token);
            return true;
        }

        TimeSpan trigger = subscription?.FailureTrigger
            ?? (subscription?.Policy is FatalErrorPolicy.Disable or FatalErrorPolicy.Remove ? TimeSpan.Zero : TimeSpan.FromHours(_options.KeepHours));
        if (attempt <= settings.DeliveryRetryAttempts || now - indication.QueuedAt < trigger)
        {
            return false;
        }

        await _state.GiveUpAsync(_destination, indication, $"Delivery failed {attempt} times. {failure}", _stop.Token);
        return true;
    }

    private TimeSpan Pause(int attempt)
    {
        uint seconds = _state.Settings.DeliveryRetryInterval;
        if (seconds == 0)
        {
            return s_firstPause * Math.Pow(2, Math.Min(attempt - 1, 6));
        }

        TimeSpan pause = TimeSpan.FromSeconds(seconds) * Math.Pow(2, Math.Min(attempt - 1, 2));
        return pause < s_longestPause ? pause : TimeSpan.FromSeconds(Math.Max(seconds, s_longestPause.TotalSeconds));
    }

    private void Succeeded()
    {
        if (_destination.Status.FailedAttempts > 0)
        {
            LogReached(_destination.Name);
            _destination.Update(s => s with { FailedAttempts = 0, FailingSince = null, LastFailure = string.Empty, NextAttempt = null });
        }
    }

    private void Failed(string failure, QueuedIndication indication)
    {
        DestinationStatus before = _destination.Status;
        DateTimeOffset now = _time.GetUtcNow();
        _destination.Update(s => s with { FailedAttempts = s.FailedAttempts + 1, FailingSince = s.FailingSince ?? now, LastFailure = failure, NextAttempt = null });
        if (before.LastFailure != failure)
        {
            LogFailing(_destination.Name, indication.Sequence, failure);
        }
    }

    [LoggerMessage(2202, LogLevel.Warning, "Indications for {Destination} are not delivered, from number {Sequence} on: {Failure}")]
    private partial void LogFailing(string destination, long sequence, string failure);

    [LoggerMessage(2203, LogLevel.Information, "Indications for {Destination} are delivered again")]
    private partial void LogReached(string destination);

    [LoggerMessage(2204, LogLevel.Error, "The queue of {Destination} cannot be read or written: {Failure}")]
    private partial void LogFault(string destination, string failure);
}
