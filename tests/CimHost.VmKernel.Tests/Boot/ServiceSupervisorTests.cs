using System.Collections.Concurrent;
using CimHost.VmKernel.Boot.Services;
using CimHost.VmKernel.Tests.Emulation;
using Microsoft.Extensions.Logging;
using Xunit;

namespace CimHost.VmKernel.Tests.Boot;

public class ServiceSupervisorTests
{
    private readonly ManualTime _time = new();
    private readonly List<string> _events = [];
    private readonly LogLines _log = new();
    private readonly Policies _policies = new();
    private readonly ServiceSupervisor _init;

    public ServiceSupervisorTests() => _init = new ServiceSupervisor(_policies, _time, _log);

    [Fact]
    public async Task Services_start_behind_what_they_require_and_stop_in_reverse_order()
    {
        Add(New("web", "db", "net"), New("db", "net"), New("net"));
        await _init.StartAllAsync();
        await RunningAsync("web", "db", "net");
        Assert.Equal(["start net", "start db", "start web"], _events);
        await _init.StopAllAsync();
        Assert.Equal(["stop web", "stop db", "stop net"], _events[3..]);
        Assert.All(_init.List(), service => Assert.Equal(ServiceState.Stopped, service.State));
        await Assert.ThrowsAsync<ServiceException>(() => _init.StartAsync("net"));
    }

    [Fact]
    public async Task Independent_services_start_at_the_same_time()
    {
        var gate = new TaskCompletionSource();
        FakeService[] services = [New("a"), New("b"), New("c")];
        Array.ForEach(services, service => service.Before = gate.Task);
        Add(services);
        await _init.StartAllAsync();
        await UntilAsync(() => services.All(service => service.Starts == 1));
        gate.SetResult();
        await RunningAsync("a", "b", "c");
    }

    [Fact]
    public void Cycles_missing_and_doubled_services_are_errors_with_names_and_add_nothing()
    {
        AssertRefused("a → b → c → a", New("a", "b"), New("b", "c"), New("c", "a"));
        AssertRefused("a → a", New("a", "a"));
        AssertRefused("requires ghost", New("a", "ghost"));
        AssertRefused("two services named a", New("a"), New("a"));
        AssertRefused("no name", New("../a"));
        Assert.Empty(_init.List());

        void AssertRefused(string part, params FakeService[] services) =>
            Assert.Contains(part, Assert.Throws<ServiceException>(() => Add(services)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_crashed_service_is_started_again_after_1_2_4_to_60_seconds_and_the_log_tells_what_it_used()
    {
        FakeService a = New("a");
        Add(a);
        await _init.StartAsync("a");
        int crashes = 0;
        foreach (int seconds in new[] { 1, 2, 4, 8, 16, 32, 60, 60, 60 })
        {
            a.Current!.End(new ServiceExit(0, "SIGSEGV"));
            await StateAsync("a", ServiceState.BackingOff);
            Assert.Contains("SIGSEGV", _init.Status("a").Reason, StringComparison.Ordinal);
            Assert.Equal(++crashes, _log.Lines.Count(line => line.Contains("a has crashed: it was ended by SIGSEGV", StringComparison.Ordinal)));
            Assert.Contains($"1.500 s of CPU and at most 4096 bytes of memory; it is started again in {seconds} s", _log.Lines.Last(), StringComparison.Ordinal);
            _time.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromTicks(1));
            Assert.Equal(crashes, a.Starts);
            _time.Advance(TimeSpan.FromTicks(1));
            await StateAsync("a", ServiceState.Running);
            Assert.Equal(crashes, _init.Status("a").Restarts);
        }
    }

    [Fact]
    public async Task A_healthy_minute_makes_the_pause_one_second_again()
    {
        FakeService a = New("a");
        Add(a);
        await _init.StartAsync("a");
        foreach ((double healthy, int pause) in new[] { (0d, 1), (59.9, 2), (60, 1), (0, 2) })
        {
            _time.Advance(TimeSpan.FromSeconds(healthy));
            a.Current!.End(new ServiceExit(1));
            await StateAsync("a", ServiceState.BackingOff);
            Assert.Contains($"again in {pause} s", _log.Lines.Last(), StringComparison.Ordinal);
            _time.Advance(TimeSpan.FromSeconds(pause));
            await StateAsync("a", ServiceState.Running);
        }
    }

    [Fact]
    public async Task A_service_that_cannot_be_started_says_why_and_is_tried_until_it_can()
    {
        FakeService a = New("a");
        a.FailsWith = new InvalidOperationException("port 5988 is taken");
        Add(a, New("b", "a"));
        ServiceException e = await Assert.ThrowsAsync<ServiceException>(() => _init.StartAsync("b"));
        Assert.Contains("Service a could not be started: port 5988 is taken", e.Message, StringComparison.Ordinal);
        await StateAsync("a", ServiceState.BackingOff);
        Assert.Equal(ServiceState.Stopped, _init.Status("b").State);
        a.FailsWith = null;
        await _init.StartAsync("b");
        Assert.Equal(ServiceState.Running, _init.Status("a").State);
        Assert.Equal(2, a.Starts);
    }

    [Fact]
    public async Task A_start_that_takes_too_long_is_a_failure_and_what_it_brings_later_is_killed()
    {
        FakeService a = New("a");
        var gate = new TaskCompletionSource();
        a.Before = gate.Task;
        Add(a);
        Task start = _init.StartAsync("a");
        await StateAsync("a", ServiceState.Starting);
        await UntilAsync(() => _time.Waiting == 1 && a.Starts == 1);
        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.Contains("within 60 s", (await Assert.ThrowsAsync<ServiceException>(() => start)).Message, StringComparison.Ordinal);
        gate.SetResult();
        await UntilAsync(() => a.Current?.WasKilled == true);
    }

    [Fact]
    public async Task Ready_is_when_all_required_services_run_at_the_same_time()
    {
        FakeService[] services = [New("a"), New("b"), New("c"), New("off")];
        foreach (FakeService service in services)
        {
            service.Definition = service.Definition with { IsRequired = service.Definition.Name != "c" };
        }

        _policies.Chosen["off"] = ServicePolicy.Off;
        services[1].FailsWith = services[2].FailsWith = new InvalidOperationException("no");
        Add(services);
        await _init.StartAllAsync();
        await RunningAsync("a");
        await StateAsync("b", ServiceState.BackingOff);
        services[0].Current!.End(new ServiceExit(1));
        await StateAsync("a", ServiceState.BackingOff);
        services[1].FailsWith = null;
        await _init.StartAsync("b");
        Assert.False(_init.Ready.IsCompleted);
        await _init.StartAsync("a");
        await _init.Ready;
        Assert.Equal(ServiceState.Stopped, _init.Status("off").State);
        Assert.NotEqual(ServiceState.Running, _init.Status("c").State);
    }

    [Fact]
    public async Task Policies_decide_what_starts_with_the_host()
    {
        Add(New("on", "auto"), New("auto"), New("alone"), New("off"), New("blocked", "off"), New("behind", "blocked"));
        _policies.Chosen["auto"] = _policies.Chosen["alone"] = ServicePolicy.Automatic;
        await _init.SetPolicyAsync("off", ServicePolicy.Off);
        await _init.StartAllAsync();
        await RunningAsync("on", "auto");
        Assert.Equal(["auto", "on"], _init.List().Where(s => s.State == ServiceState.Running).Select(s => s.Name).Order());
        Assert.Equal(ServiceState.Blocked, _init.Status("blocked").State);
        Assert.Contains("off", _init.Status("blocked").Reason, StringComparison.Ordinal);
        Assert.Equal(ServiceState.Blocked, _init.Status("behind").State);
        Assert.Contains("requires off, which is off", (await Assert.ThrowsAsync<ServiceException>(() => _init.StartAsync("behind"))).Message, StringComparison.Ordinal);
        await _init.StartAsync("off");
        await _init.StartAsync("behind");
        await Assert.ThrowsAsync<ServiceException>(() => _init.SetPolicyAsync("on", (ServicePolicy)7));
        await Assert.ThrowsAsync<ServiceException>(() => _init.SetPolicyAsync("ghost", ServicePolicy.On));
    }

    [Fact]
    public async Task A_service_that_others_require_is_not_stopped_but_can_be_restarted()
    {
        FakeService a = New("a");
        FakeService b = New("b", "a");
        Add(a, b);
        await _init.StartAsync("b");
        Assert.Contains("required by b", (await Assert.ThrowsAsync<ServiceException>(() => _init.StopAsync("a"))).Message, StringComparison.Ordinal);
        await _init.RestartAsync("a");
        Assert.Equal((2, 1), (a.Starts, b.Starts));
        await _init.StopAsync("b");
        await _init.StopAsync("a");
        await _init.StopAsync("a");
        Assert.Equal(["start a", "start b", "stop a", "start a", "stop b", "stop a"], _events);
        Assert.Contains("no service ghost", (await Assert.ThrowsAsync<ServiceException>(() => _init.StopAsync("ghost"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_ignores_the_stop_is_killed_when_its_limit_is_over()
    {
        FakeService a = New("a");
        a.IgnoresStop = true;
        Add(a);
        await _init.StartAsync("a");
        Task stop = _init.StopAsync("a");
        await StateAsync("a", ServiceState.Stopping);
        await UntilAsync(() => _time.Waiting > 0);
        _time.Advance(TimeSpan.FromSeconds(10));
        await stop;
        Assert.True(a.Current!.WasKilled);
        Assert.Contains(_log.Lines, line => line.Contains("did not end within 10 s", StringComparison.Ordinal));
        Assert.Equal(1, a.Starts);
    }

    [Fact]
    public async Task A_service_that_survives_even_the_kill_does_not_hold_up_the_shutdown()
    {
        FakeService a = New("a");
        a.IgnoresStop = a.IgnoresKill = true;
        Add(a);
        await _init.StartAsync("a");
        Task stop = _init.StopAllAsync();
        await UntilAsync(() => _time.Waiting > 0);
        _time.Advance(TimeSpan.FromSeconds(10));
        await UntilAsync(() => a.Current!.WasKilled && _time.Waiting > 0);
        _time.Advance(TimeSpan.FromSeconds(5));
        await stop;
        Assert.Contains(_log.Lines, line => line.Contains("left behind", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_stop_ends_the_pause_and_the_wait_for_others_at_once()
    {
        FakeService a = New("a");
        a.FailsWith = new InvalidOperationException("no");
        Add(a, New("b", "a"));
        await _init.StartAllAsync();
        await StateAsync("a", ServiceState.BackingOff);
        Assert.Equal(ServiceState.Waiting, _init.Status("b").State);
        await _init.StopAsync("b");
        await _init.StopAsync("a");
        Assert.All(_init.List(), service => Assert.Equal(ServiceState.Stopped, service.State));
        Assert.Equal(0, _time.Waiting);
    }

    [Fact]
    public async Task Soft_order_waits_for_the_attempt_only_and_ignores_unknown_names()
    {
        FakeService a = New("a");
        FakeService b = New("b");
        a.FailsWith = new InvalidOperationException("no");
        var gate = new TaskCompletionSource();
        a.Before = gate.Task;
        b.Definition = b.Definition with { After = ["a", "ghost"] };
        Add(b, a);
        await _init.StartAllAsync();
        await UntilAsync(() => a.Starts == 1);
        Assert.Equal(ServiceState.Waiting, _init.Status("b").State);
        gate.SetResult();
        await RunningAsync("b");
    }

    [Fact]
    public async Task One_that_says_that_it_cannot_be_started_is_not_tried_again_and_holds_nobody_up()
    {
        FakeService a = New("a");
        FakeService b = New("b");
        FakeService c = New("c");
        a.FailsWith = new ServiceException("its file is no program");
        var gate = new TaskCompletionSource();
        b.Before = gate.Task;
        c.Definition = c.Definition with { After = ["b", "a"] };
        Add(a, b, c);
        await _init.StartAllAsync();
        await StateAsync("a", ServiceState.Blocked);
        gate.SetResult();
        await RunningAsync("b", "c");
        Assert.Equal((1, "its file is no program"), (a.Starts, _init.Status("a").Reason));
        a.FailsWith = null;
        await _init.StartAsync("a");
        await RunningAsync("a");
    }

    [Fact]
    public async Task Services_come_and_go_while_the_host_runs()
    {
        Add(New("a"));
        await _init.StartAllAsync();
        await RunningAsync("a");
        Add(New("b", "a"));
        await _init.StartAsync("b");
        Assert.Throws<ServiceException>(() => _init.Remove("b"));
        await _init.StopAsync("b");
        await _init.StopAsync("a");
        Assert.Throws<ServiceException>(() => _init.Remove("a"));
        _init.Remove("b");
        _init.Remove("a");
        Assert.Empty(_init.List());
    }

    private FakeService New(string name, params string[] requires) => new(_events, name, requires);

    private void Add(params FakeService[] services) => _init.Add(services.Select(service => service.Definition));

    private async Task RunningAsync(params string[] names)
    {
        foreach (string name in names)
        {
            await StateAsync(name, ServiceState.Running);
        }
    }

    private Task StateAsync(string name, ServiceState state) => UntilAsync(() => _init.Status(name).State == state);

    private static async Task UntilAsync(Func<bool> condition)
    {
        for (int i = 0; !condition(); i++)
        {
            Assert.True(i < 20_000, "what was waited for did not happen");
            await Task.Delay(1);
        }
    }

    private sealed class Policies : IServicePolicies
    {
        public ConcurrentDictionary<string, ServicePolicy> Chosen { get; } = new();

        public ServicePolicy? Find(string service) => Chosen.TryGetValue(service, out ServicePolicy policy) ? policy : null;

        public Task SetAsync(string service, ServicePolicy policy, CancellationToken cancellationToken)
        {
            Chosen[service] = policy;
            return Task.CompletedTask;
        }
    }

    private sealed class LogLines : ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue(formatter(state, exception));
    }
}
