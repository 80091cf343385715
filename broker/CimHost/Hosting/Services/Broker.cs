using CimHost.Endpoints.CimXml;
using CimHost.ObjectManager;
using CimHost.ObjectManager.Indications;
using CimHost.ObjectManager.Providers;

namespace CimHost.Hosting.Services;

/// <summary>The object manager as it runs: with its packages and its endpoint for CIM operations.</summary>
/// <param name="Manager">The object manager.</param>
/// <param name="Packages">Provider packages.</param>
/// <param name="Indications">Takes and delivers indications.</param>
/// <param name="CimXml">CIM operations over HTTP.</param>
/// <param name="Ended">Cancelled when it does not run any more.</param>
internal sealed record RunningBroker(CimObjectManager Manager, ProviderPackages Packages, IndicationService Indications, CimXmlEndpoint CimXml, CancellationToken Ended);

/// <summary>Where the other services find the object manager: its service can be stopped and started while they run.</summary>
internal sealed class Broker
{
    private readonly Lock _lock = new();
    private TaskCompletionSource<RunningBroker> _next = New();
    private volatile RunningBroker? _current;

    /// <summary>The one that runs; null while none does.</summary>
    public RunningBroker? Current => _current;

    /// <summary>The one that runs, as soon as one does.</summary>
    public Task<RunningBroker> WhenRunningAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return _next.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>One runs.</summary>
    public void Set(RunningBroker running)
    {
        lock (_lock)
        {
            _current = running;
            _next.TrySetResult(running);
        }
    }

    /// <summary>It does not run any more.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _current = null;
            _next = New();
        }
    }

    private static TaskCompletionSource<RunningBroker> New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
