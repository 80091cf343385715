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
    private static readonly TimeSpan s_testLimit = TimeSpan.FromSeconds(10);

    // Whoever guesses communities must not make this host flood its targets.
    private static readonly TimeSpan s_leastBetweenFailures = TimeSpan.FromSeconds(1);

    private readonly ISnmpEngineFacts _engine;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly (NotificationTarget Target, Channel<Notification> Queue)[] _targets;
    private long _failureTold;

    /// <summary>Sends to targets.</summary>
    public NotificationOriginator(IReadOnlyList<NotificationTarget> targets, ISnmpEngineFacts engine, TimeProvider time, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(time);
        (_engine, _time, _logger) = (engine, time, logger);
        _failureTold = time.GetTimestamp() - (long)(s_leastBetweenFailures.TotalSeconds * time.TimestampFrequency);
        _targets = [.. targets.Select(t => (t, Channel.CreateBounded<Notification>(new BoundedChannelOptions(MaxQueued) { FullMode = BoundedChannelFullMode.DropOldest })))];
    }

    /// <summary>Sends a notification to every target, in the background.</summary>
    public void Send(Notification notification)
    {
        foreach ((_, Channel<Notification> queue) in _targets)
        {
            queue.Writer.TryWrite(notification);
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

    /// <summary>Sends a warmStart to every target and tells what came back.</summary>
    public async Task<IReadOnlyList<TargetResult>> TestAsync(CancellationToken cancellationToken) => await Task.WhenAll(_targets.Select(t => TestAsync(t.Target, cancellationToken)));

    /// <summary>Sends until it is cancelled, also when there is nobody to send to.</summary>
    public Task RunAsync(CancellationToken cancellationToken) =>
        Task.WhenAll([Task.Delay(Timeout.Infinite, cancellationToken), .. _targets.Select(t => RunAsync(t.Target, t.Queue.Reader, cancellationToken))]);

    private async Task RunAsync(NotificationTarget target, ChannelReader<Notification> queue, CancellationToken cancellationToken)
    {
        await foreach (Notification notification in queue.ReadAllAsync(cancellationToken))
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(s_limit);
            try
            {
                await target.SendAsync(notification, limit.Token);
            }
            catch (IOException e)
            {
                LogFailed(target.Name, e.Message);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                LogFailed(target.Name, $"no acknowledgement within {s_limit.TotalSeconds:0} s");
            }
        }
    }

    private static async Task<TargetResult> TestAsync(NotificationTarget target, CancellationToken cancellationToken)
    {
        string kind = $"v{(target.Version == SnmpVersion.V2c ? "2c" : target.Version == SnmpVersion.V1 ? "1" : "3")} {(target.IsInform ? "inform" : "trap")}";
        long start = Stopwatch.GetTimestamp();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_testLimit);
        try
        {
            await target.SendAsync(Notification.WarmStart, limit.Token);
            string result = target.IsInform ? $"acknowledged after {Stopwatch.GetElapsedTime(start).TotalMilliseconds:0} ms" : "sent; nobody acknowledges a trap";
            return new TargetResult(target.Name, target.Address.ToString(), kind, true, result);
        }
        catch (IOException e)
        {
            return new TargetResult(target.Name, target.Address.ToString(), kind, false, e.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new TargetResult(target.Name, target.Address.ToString(), kind, false, $"no acknowledgement within {s_testLimit.TotalSeconds:0} s");
        }
    }

    [LoggerMessage(8020, LogLevel.Warning, "SNMP: target {Name} could not be told of a change of the agent: {Reason}")]
    private partial void LogFailed(string name, string reason);
}
