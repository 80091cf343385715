using System.Threading.Channels;
using CimHost.ObjectManager.Tests;
using CimHost.Snmp.Notifications;
using CimHost.Snmp.Tests.Mib;
using Microsoft.Extensions.Logging;

namespace CimHost.Snmp.Tests.Notifications;

/// <summary>Targets do not wait for each other, and one that breaks is told and tried again.</summary>
public sealed class NotificationOriginatorTests : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);
    private readonly ManualTime _time = new();
    private readonly LogLines _log = new();
    private readonly CancellationTokenSource _stop = new();

    [Fact]
    public async Task A_target_that_breaks_unexpectedly_is_told_costs_no_other_and_goes_on_after_a_wait()
    {
        var broken = new Receiver("broken", n => n == 1 ? throw new InvalidOperationException("a fault") : Task.CompletedTask);
        var whole = new Receiver("whole", _ => Task.CompletedTask);
        NotificationOriginator originator = Start(broken, whole);
        originator.Send(Notification.ColdStart);
        Assert.Equal(Notification.ColdStart, await whole.TookAsync());
        Assert.Equal(Notification.ColdStart, await broken.TookAsync());
        (LogLevel level, string text, Exception? exception) = await _log.NextAsync();
        Assert.Equal((LogLevel.Error, "a fault"), (level, exception?.Message));
        Assert.Contains("target broken", text, StringComparison.Ordinal);
        TargetState state = originator.States[0];
        Assert.Equal(("InvalidOperationException: a fault", 0), (state.Failure, state.Sent));

        // Nothing is sent until the wait is over; the others go on.
        originator.Send(Notification.WarmStart);
        Assert.Equal(Notification.WarmStart, await whole.TookAsync());
        Assert.False(broken.HasTaken);
        await AdvanceUntilAsync(broken);
        Assert.Equal(Notification.WarmStart, await broken.TookAsync());
        await StateAsync(originator, 0, s => s is { Sent: 1, Failure: "", FailedAt: null });
        await StateAsync(originator, 1, s => s.Sent == 2);
    }

    [Fact]
    public async Task What_cannot_be_sent_is_a_state_until_something_can()
    {
        var target = new Receiver("nms", n => n == 1 ? throw new IOException("unreachable") : Task.CompletedTask);
        NotificationOriginator originator = Start(target);
        originator.Send(Notification.ColdStart);
        await target.TookAsync();
        Assert.Equal(LogLevel.Warning, (await _log.NextAsync()).Level);
        await StateAsync(originator, 0, s => s is { Sent: 0, Failure: "unreachable", FailedAt: not null });
        originator.Send(Notification.WarmStart);
        await target.TookAsync();
        await StateAsync(originator, 0, s => s is { Sent: 1, Failure: "", FailedAt: null });
    }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    private NotificationOriginator Start(params Receiver[] targets)
    {
        var originator = new NotificationOriginator(targets, new FakeEngine(), _time, _log);
        _ = originator.RunAsync(_stop.Token);
        return originator;
    }

    // The wait begins at some moment after the failure was told; the clock is moved until it is over.
    private async Task AdvanceUntilAsync(Receiver receiver)
    {
        using var limit = new CancellationTokenSource(s_limit);
        while (!receiver.HasTaken)
        {
            limit.Token.ThrowIfCancellationRequested();
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
    }

    private static async Task StateAsync(NotificationOriginator originator, int target, Func<TargetState, bool> holds)
    {
        using var limit = new CancellationTokenSource(s_limit);
        while (!holds(originator.States[target]))
        {
            Assert.False(limit.IsCancellationRequested, originator.States[target].ToString());
            await Task.Yield();
        }
    }

    /// <summary>A target that does what a test wants with the first, second … notification.</summary>
    private sealed class Receiver(string name, Func<int, Task> take) : INotificationReceiver
    {
        private readonly Channel<Notification> _taken = Channel.CreateUnbounded<Notification>();
        private int _count;

        public string Name => name;

        public string Where => "here";

        public string Kind => "test";

        public bool Acknowledges => true;

        public bool HasTaken => _taken.Reader.TryPeek(out _);

        public Task<Notification> TookAsync() => _taken.Reader.ReadAsync().AsTask().WaitAsync(s_limit);

        public Task SendAsync(Notification notification, CancellationToken cancellationToken)
        {
            _taken.Writer.TryWrite(notification);
            return take(++_count);
        }
    }

    private sealed class LogLines : ILogger
    {
        private readonly Channel<(LogLevel Level, string Text, Exception? Exception)> _lines = Channel.CreateUnbounded<(LogLevel, string, Exception?)>();

        public Task<(LogLevel Level, string Text, Exception? Exception)> NextAsync() => _lines.Reader.ReadAsync().AsTask().WaitAsync(s_limit);

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _lines.Writer.TryWrite((logLevel, formatter(state, exception), exception));
    }
}
