using CimHost.Alerts.Engine;
using Microsoft.Extensions.Logging;

namespace CimHost.Alerts.Receivers;

/// <summary>
/// Brings the events to one receiver, in order, each until it has it: what fails is tried again after 1, 2, 4 … 60 seconds. It is where it
/// was after a restart. Events that left the log before they could be sent are counted as lost, and it says so.
/// </summary>
public sealed partial class AlertDelivery : IDisposable
{
    private static readonly TimeSpan s_longestWait = TimeSpan.FromMinutes(1);

    private readonly AlertEngine _engine;
    private readonly IAlertReceiver _receiver;
    private readonly Func<AlertEvent, bool> _filter;
    private readonly TimeSpan _timeout;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;

    /// <summary>Creates the way to a receiver.</summary>
    /// <param name="engine">Where the events come from.</param>
    /// <param name="name">Name under which its position is kept.</param>
    /// <param name="receiver">The receiver.</param>
    /// <param name="filter">Which events it wants.</param>
    /// <param name="timeout">How long one attempt may take.</param>
    /// <param name="time">Clock.</param>
    /// <param name="logger">Says what fails.</param>
    public AlertDelivery(AlertEngine engine, string name, IAlertReceiver receiver, Func<AlertEvent, bool> filter, TimeSpan timeout, TimeProvider time, ILogger logger)
    {
        _engine = engine;
        Name = name;
        _receiver = receiver;
        _filter = filter;
        _timeout = timeout;
        _time = time;
        _logger = logger;
    }

    /// <summary>Name of the receiver.</summary>
    public string Name { get; }

    /// <summary>Events that it got since the start of the host.</summary>
    public long Delivered { get; private set; }

    /// <summary>Events that it lost for ever.</summary>
    public long Dropped { get; private set; }

    /// <summary>Sequence of the last event that needs no more work.</summary>
    public long Position { get; private set; }

    /// <summary>Why the last attempt failed; empty when it did not.</summary>
    public string Failure { get; private set; } = string.Empty;

    /// <summary>Since when it fails.</summary>
    public DateTimeOffset? FailingSince { get; private set; }

    /// <summary>Brings events until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        (Position, Dropped) = _engine.ReceiverPosition(Name);
        while (true)
        {
            await _engine.WaitAfterAsync(Position, cancellationToken);
            foreach (AlertEvent next in _engine.ReadAfter(Position, 100))
            {
                if (next.Sequence > Position + 1)
                {
                    Dropped += next.Sequence - Position - 1;
                    LogLost(Name, Dropped);
                }

                if (_filter(next))
                {
                    await SendAsync(next, cancellationToken);
                }

                Position = next.Sequence;
                _engine.SetReceiverPosition(Name, Position, Dropped);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => (_receiver as IDisposable)?.Dispose();

    private async Task SendAsync(AlertEvent alertEvent, CancellationToken cancellationToken)
    {
        for (TimeSpan wait = TimeSpan.FromSeconds(1); ; wait = wait * 2 < s_longestWait ? wait * 2 : s_longestWait)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(_timeout);
            try
            {
                await _receiver.SendAsync(alertEvent, limit.Token);
                if (FailingSince is not null)
                {
                    LogReached(Name);
                }

                Delivered++;
                Failure = string.Empty;
                FailingSince = null;
                return;
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                Failed($"no answer within {_timeout.TotalSeconds:0.#} s");
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // IOException is what a receiver says when it fails; anything else is a fault of the receiver, which must not stop the others.
                Failed(e is IOException ? e.Message : $"{e.GetType().Name}: {e.Message}");
            }

            await Task.Delay(wait, _time, cancellationToken);
            if (_engine.FirstSequence > alertEvent.Sequence)
            {
                Dropped++;
                LogLost(Name, Dropped);
                return;
            }
        }
    }

    private void Failed(string reason)
    {
        if (Failure != reason)
        {
            LogFailed(Name, reason);
        }

        Failure = reason;
        FailingSince ??= _time.GetUtcNow();
    }

    [LoggerMessage(7010, LogLevel.Warning, "Receiver {Name} cannot be told of alerts: {Reason}; it is tried again")]
    private partial void LogFailed(string name, string reason);

    [LoggerMessage(7011, LogLevel.Information, "Receiver {Name} can be told of alerts again")]
    private partial void LogReached(string name);

    [LoggerMessage(7012, LogLevel.Error, "Receiver {Name} could not be told in time: it has lost {Count} events since it was configured")]
    private partial void LogLost(string name, long count);
}
