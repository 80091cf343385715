using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

namespace CimHost.VmKernel.Boot.Services;

/// <summary>
/// init: starts the services in the order of what they require, those that do not wait for each other at the same time; starts a crashed
/// one again after 1, 2, 4 … 60 seconds (1 again after a healthy minute), for as long as it takes; stops them in reverse order.
/// </summary>
/// <param name="policies">The policies that an administrator has chosen.</param>
/// <param name="time">The clock of pauses and time limits.</param>
/// <param name="logger">Where crashes go, with what the service had used.</param>
public sealed partial class ServiceSupervisor(IServicePolicies policies, TimeProvider time, ILogger logger)
{
    private readonly ILogger _logger = logger;
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // In starting order; replaced whole, so that readers need no lock.
    private ImmutableArray<SupervisedService> _services = [];
    private bool _isStarted;
    private bool _isStopping;

    /// <summary>Completes when all required services run at the same time for the first time after <see cref="StartAllAsync"/>.</summary>
    public Task Ready => _ready.Task;

    /// <summary>Adds services; they are not started by this.</summary>
    /// <param name="definitions">They may require each other and those that are there.</param>
    /// <exception cref="ServiceException">A name is wrong or taken, something required is missing, services wait for each other, or there are too many; none is added.</exception>
    public void Add(params IEnumerable<ServiceDefinition> definitions)
    {
        lock (_lock)
        {
            if (_isStopping)
            {
                throw new ServiceException("No service is added: the host is shutting down.");
            }

            List<ServiceDefinition> ordered = ServiceGraph.Order([.. _services.Select(service => service.Definition), .. definitions]);
            var known = _services.ToDictionary(service => service.Definition.Name, StringComparer.Ordinal);
            _services = [.. ordered.Select(definition => known.GetValueOrDefault(definition.Name) ?? new SupervisedService(definition, time, _logger, CheckReady))];
        }
    }

    /// <summary>Takes a service away that is stopped and that no other one requires.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="ServiceException">It is not there, not stopped, or required: by which.</exception>
    public void Remove(string name)
    {
        lock (_lock)
        {
            SupervisedService service = Find(name);
            if (service.IsActive)
            {
                throw new ServiceException($"Service {name} is {Word(service.State)}; stop it first.");
            }

            if (Dependents(name).ToArray() is { Length: > 0 } dependents)
            {
                throw new ServiceException($"Service {name} is required by {Names(dependents)}.");
            }

            _services = _services.Remove(service);
        }
    }

    /// <summary>Starts what policy says is started with the host. Returns when all of it is on its way; see <see cref="Ready"/>.</summary>
    /// <exception cref="ServiceException">The host is shutting down.</exception>
    public async Task StartAllAsync()
    {
        ImmutableArray<SupervisedService> services = _services;
        var wanted = new HashSet<string>(StringComparer.Ordinal);
        foreach (SupervisedService service in services.Reverse())
        {
            ServicePolicy policy = Policy(service);
            if (policy == ServicePolicy.On || (policy == ServicePolicy.Automatic && wanted.Overlaps(Dependents(service.Definition.Name).Select(d => d.Definition.Name))))
            {
                wanted.Add(service.Definition.Name);
            }
        }

        // In order, so that a service that is blocked blocks those that require it.
        foreach (SupervisedService service in services.Where(service => wanted.Contains(service.Definition.Name)))
        {
            if (service.Definition.Requires.Where(name => !wanted.Contains(name) || Find(name).State == ServiceState.Blocked).ToArray() is { Length: > 0 } off)
            {
                wanted.Remove(service.Definition.Name);
                service.Block($"it requires {string.Join(", ", off)}, which does not start with the host (off or blocked)");
                LogBlocked(service.Definition.Name, string.Join(", ", off));
                continue;
            }

            await service.StartAsync(stop => WaitForOthersAsync(service, wanted, stop), CancellationToken.None);
        }

        lock (_lock)
        {
            _isStarted = true;
        }

        CheckReady();
    }

    /// <summary>All services as they are now, in starting order.</summary>
    public IReadOnlyList<ServiceStatus> List() => [.. _services.Select(service => service.Status(Policy(service)))];

    /// <summary>A service as it is now.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="ServiceException">There is none of that name.</exception>
    public ServiceStatus Status(string name)
    {
        SupervisedService service = Find(name);
        return service.Status(Policy(service));
    }

    /// <summary>Starts a service and what it requires (unless that is off), and returns when it runs. One that pauses after a crash is tried at once.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ServiceException">It is not there, could not be started (it is tried again), requires one that is off, or the host is shutting down.</exception>
    public async Task StartAsync(string name, CancellationToken cancellationToken = default)
    {
        SupervisedService service = Find(name);
        foreach (SupervisedService required in service.Definition.Requires.Select(Find).Where(required => required.State != ServiceState.Running))
        {
            if (!required.IsActive && Policy(required) == ServicePolicy.Off)
            {
                throw new ServiceException($"Service {name} requires {required.Definition.Name}, which is off. Start {required.Definition.Name} first, or change its policy.");
            }

            await StartAsync(required.Definition.Name, cancellationToken);
        }

        Task<string?> attempt = await service.StartAsync(_ => Task.CompletedTask, cancellationToken);
        if (await attempt.WaitAsync(cancellationToken) is { } failure)
        {
            throw new ServiceException($"Service {name} could not be started: {failure}.{(service.IsActive ? " It is tried again." : string.Empty)}");
        }
    }

    /// <summary>Stops a service and returns when it has ended; one that does not end within its limit is killed.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="ServiceException">It is not there, or services that run require it: which.</exception>
    public async Task StopAsync(string name)
    {
        SupervisedService service = Find(name);
        if (Dependents(name).Where(dependent => dependent.IsActive).ToArray() is { Length: > 0 } dependents)
        {
            throw new ServiceException($"Service {name} is required by {Names(dependents)}; stop {(dependents.Length == 1 ? "that one" : "those")} first, or restart {name}.");
        }

        await service.StopAsync(close: false);
    }

    /// <summary>Stops a service and starts it again; services that require it go on meanwhile.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="cancellationToken">Gives up waiting for the start.</param>
    /// <exception cref="ServiceException">As for <see cref="StartAsync"/>.</exception>
    public async Task RestartAsync(string name, CancellationToken cancellationToken = default)
    {
        await Find(name).StopAsync(close: false);
        await StartAsync(name, cancellationToken);
    }

    /// <summary>Chooses when init starts a service by itself. It is neither started nor stopped by this.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="policy">The policy; durable when the task has completed.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ServiceException">There is none of that name, or no such policy.</exception>
    public Task SetPolicyAsync(string name, ServicePolicy policy, CancellationToken cancellationToken = default)
    {
        SupervisedService service = Find(name);
        return Enum.IsDefined(policy)
            ? policies.SetAsync(service.Definition.Name, policy, cancellationToken)
            : throw new ServiceException($"{policy} is no policy of a service; there are on, off and automatic.");
    }

    /// <summary>Stops all services, each when those that require it or come after it have ended, and starts none any more.</summary>
    public async Task StopAllAsync()
    {
        ImmutableArray<SupervisedService> services;
        lock (_lock)
        {
            _isStopping = true;
            services = _services;
        }

        var stopping = new Dictionary<string, Task>(StringComparer.Ordinal);
        foreach (SupervisedService service in services.Reverse())
        {
            Task[] later = [.. services.Where(other => IsBefore(service, other)).Select(other => stopping[other.Definition.Name])];
            stopping.Add(service.Definition.Name, StopBehindAsync(service, later));
        }

        await Task.WhenAll(stopping.Values);
    }

    private static async Task StopBehindAsync(SupervisedService service, Task[] others)
    {
        await Task.WhenAll(others);
        await service.StopAsync(close: true);
    }

    private static bool IsBefore(SupervisedService first, SupervisedService second) =>
        second.Definition.Requires.Contains(first.Definition.Name) || second.Definition.After.Contains(first.Definition.Name);

    private static string Names(IEnumerable<SupervisedService> services) => string.Join(", ", services.Select(service => service.Definition.Name));

    private static string Word(ServiceState state) => state switch
    {
        ServiceState.BackingOff => "about to be started again",
        _ => state.ToString().ToLowerInvariant(),
    };

    private async Task WaitForOthersAsync(SupervisedService service, HashSet<string> wanted, CancellationToken stop)
    {
        ImmutableArray<SupervisedService> services = _services;
        foreach (SupervisedService before in services.Where(other => wanted.Contains(other.Definition.Name) && IsBefore(other, service)))
        {
            Task running = service.Definition.Requires.Contains(before.Definition.Name) ? before.WhenRunning() : before.WhenTried();
            await running.WaitAsync(stop);
        }
    }

    private SupervisedService Find(string name) =>
        _services.FirstOrDefault(service => service.Definition.Name == name)
        ?? throw new ServiceException($"There is no service {name}.");

    private IEnumerable<SupervisedService> Dependents(string name) => _services.Where(service => service.Definition.Requires.Contains(name));

    private ServicePolicy Policy(SupervisedService service) => policies.Find(service.Definition.Name) ?? service.Definition.DefaultPolicy;

    private void CheckReady()
    {
        lock (_lock)
        {
            if (!_isStarted || _isStopping || _ready.Task.IsCompleted)
            {
                return;
            }
        }

        if (_services.All(service => !service.Definition.IsRequired || service.State == ServiceState.Running || Policy(service) == ServicePolicy.Off) && _ready.TrySetResult())
        {
            LogReady(_services.Count(service => service.State == ServiceState.Running));
        }
    }

    [LoggerMessage(4526, LogLevel.Information, "All required services run ({Count} services run).")]
    private partial void LogReady(int count);

    [LoggerMessage(4527, LogLevel.Error, "Service {Service} is not started with the host: it requires {Off}, which is off.")]
    private partial void LogBlocked(string service, string off);
}
