using System.Diagnostics;
using System.Threading.Channels;
using CimHost.Snmp.Mib;
using Microsoft.Extensions.Logging;

namespace CimHost.Snmp.Notifications;

/// <summary>
/// Sends what is told of the engine itself (coldStart, warmStart, authenticationFailure) to every target. No target waits for another, and
/// what a target cannot take for long is forgotten: these say little after a while.
/// </summary>
public sealed partial class NotificationOriginator
{
    private const int MaxQueued = 16;
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_longestWait = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_testLimit = TimeSpan.FromSeconds(10);

    // Whoever guesses communities must not make this host flood its targets.
    private static readonly TimeSpan s_leastBetweenFailures = TimeSpan.FromSeconds(1);

    private readonly ISnmpEngineFacts _engine;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Way[] _ways;
    private long _failureTold;

    /// <summary>Sends to targets.</summary>
    public NotificationOriginator(IReadOnlyList<INotificationReceiver> targets, ISnmpEngineFacts engine, TimeProvider time, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(time);
        (_engine, _time, _logger) = (engine, time, logger);
        _failureTold = time.GetTimestamp() - (long)(s_leastBetweenFailures.TotalSeconds * time.TimestampFrequency);
        _ways = [.. targets.Select(t => new Way(t))];
    }

    /// <summary>How it stands with the targets.</summary>
    public IReadOnlyList<TargetState> States => [.. _ways.Select(w => w.State)];

    /// <summary>Sends a notification to every target, in the background.</summary>
    public void Send(Notification notification)
    {
        foreach (Way way in _ways)
        {
            way.Queue.Writer.TryWrite(notification);
        }
    }

    /// <summary>Tells that a message was not authentic, if a manager wants to know (snmpEnableAuthenTraps), at most once a second.</summary>
    public void AuthenticationFailed()
    {
        long told = Volatile.Read(ref _failureTold);
        if (_engine.AuthenticationTraps && _time.GetElapsedTime(told) >= s_leastBetweenFailures && Interlocked.CompareExchange(ref _failureTold, _time.GetTimestamp(), told) == told)
        {
            Send(Notification.AuthenticationFailure);
        }
    }

    /// <summary>Sends a warmStart to every target, and to another receiver if there is one, and tells what came back.</summary>
    public async Task<IReadOnlyList<TargetResult>> TestAsync(INotificationReceiver? another, CancellationToken cancellationToken)
    {
        IEnumerable<INotificationReceiver> targets = _ways.Select(w => w.Target);
        return await Task.WhenAll((another is null ? targets : targets.Append(another)).Select(t => TryAsync(t, cancellationToken)));
    }

    /// <summary>Sends until it is cancelled, also when there is nobody to send to.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => Task.WhenAll([Task.Delay(Timeout.Infinite, cancellationToken), .. _ways.Select(w => RunAsync(w, cancellationToken))]);

    // A target that breaks in a way that nobody foresaw breaks no other, is told, and gets another chance after 1, 2, 4 … 60 seconds.
    private async Task RunAsync(Way way, CancellationToken cancellationToken)
    {
        for (TimeSpan wait = TimeSpan.FromSeconds(1); ; wait = wait * 2 < s_longestWait ? wait * 2 : s_longestWait)
        {
            long sent = way.State.Sent;
            try
            {
                await SendAllAsync(way, cancellationToken);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                wait = way.State.Sent > sent ? TimeSpan.FromSeconds(1) : wait;
                way.Failed($"{e.GetType().Name}: {e.Message}", _time.GetUtcNow());
                LogBroken(e, way.Target.Name, wait.TotalSeconds);
            }

            await Task.Delay(wait, _time, cancellationToken);
        }
    }

    private async Task SendAllAsync(Way way, CancellationToken cancellationToken)
    {
        await foreach (Notification notification in way.Queue.Reader.ReadAllAsync(cancellationToken))
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(s_limit);
            try
            {
                await way.Target.SendAsync(notification, limit.Token);
                way.Delivered();
            }
            catch (IOException e)
            {
                Failed(e.Message);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                Failed($"no acknowledgement within {s_limit.TotalSeconds:0} s");
            }
        }

        void Failed(string reason)
        {
            LogFailed(way.Target.Name, reason);
            way.Failed(reason, _time.GetUtcNow());
        }
    }

    private static async Task<TargetResult> TryAsync(INotificationReceiver receiver, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_testLimit);
        try
        {
            await receiver.SendAsync(Notification.WarmStart, limit.Token);
            return Result(true, receiver.Acknowledges ? $"acknowledged after {Stopwatch.GetElapsedTime(start).TotalMilliseconds:0} ms" : "sent; nobody acknowledges a trap");
        }
        catch (IOException e)
        {
            return Result(false, e.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Result(false, $"no acknowledgement within {s_testLimit.TotalSeconds:0} s");
        }

        TargetResult Result(bool success, string text) => new(receiver.Name, receiver.Where, receiver.Kind, success, text);
    }

    [LoggerMessage(8020, LogLevel.Warning, "SNMP: target {Name} could not be told of a change of the agent: {Reason}")]
    private partial void LogFailed(string name, string reason);

    [LoggerMessage(8021, LogLevel.Error, "SNMP: sending to target {Name} broke down; it goes on in {Seconds} s. This is a fault of CimHost")]
    private partial void LogBroken(Exception exception, string name, double seconds);

    /// <summary>The way to a target: what waits for it, and how it stands.</summary>
    private sealed class Way(INotificationReceiver target)
    {
        private volatile TargetState _state = new(target.Name, target.Where, target.Kind, 0, string.Empty, null);

        public INotificationReceiver Target => target;

        public Channel<Notification> Queue { get; } = Channel.CreateBounded<Notification>(new BoundedChannelOptions(MaxQueued) { FullMode = BoundedChannelFullMode.DropOldest });

        public TargetState State => _state;

        public void Delivered() => _state = _state with { Sent = _state.Sent + 1, Failure = string.Empty, FailedAt = null };

        public void Failed(string reason, DateTimeOffset now) => _state = _state with { Failure = reason, FailedAt = now };
    }
}
