using CimHost.VmKernel.Boot.Services;

namespace CimHost.VmKernel.Tests.Boot;

/// <summary>A service that starts, ends and hangs as a test says.</summary>
internal sealed class FakeService
{
    private readonly List<string> _events;

    public FakeService(List<string> events, string name, params string[] requires)
    {
        _events = events;
        Definition = new ServiceDefinition(name, StartAsync) { Requires = [.. requires] };
    }

    public ServiceDefinition Definition { get; set; }

    /// <summary>Thrown by the next starts.</summary>
    public Exception? FailsWith { get; set; }

    /// <summary>What a start waits for.</summary>
    public Task Before { get; set; } = Task.CompletedTask;

    public bool IgnoresStop { get; set; }

    public bool IgnoresKill { get; set; }

    public int Starts { get; private set; }

    public Run? Current { get; private set; }

    private async Task<IServiceRun> StartAsync(CancellationToken cancellationToken)
    {
        Starts++;
        await Before;
        if (FailsWith is { } failure)
        {
            throw failure;
        }

        Tell("start");
        return Current = new Run(this);
    }

    private void Tell(string what)
    {
        lock (_events)
        {
            _events.Add($"{what} {Definition.Name}");
        }
    }

    internal sealed class Run(FakeService service) : IServiceRun
    {
        private readonly TaskCompletionSource<ServiceExit> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<ServiceExit> Completion => _completion.Task;

        public ResourceUse ResourceUse => new(TimeSpan.FromMilliseconds(1500), 4096);

        public bool WasKilled { get; private set; }

        public Task StopAsync(CancellationToken cancellationToken)
        {
            if (!service.IgnoresStop)
            {
                service.Tell("stop");
                End(new ServiceExit(0));
            }

            return Task.CompletedTask;
        }

        public void Kill()
        {
            WasKilled = true;
            if (!service.IgnoresKill)
            {
                service.Tell("kill");
                End(new ServiceExit(0, "SIGKILL"));
            }
        }

        public void End(ServiceExit exit) => _completion.TrySetResult(exit);
    }
}
