using CimHost.ObjectManager.Dispatch;
using CimHost.ObjectManager.Operations;
using CimHost.ObjectManager.Providers;
using CimHost.ObjectManager.Repository;
using CimHost.Sdk.Operations;
using Microsoft.Extensions.Logging;

namespace CimHost.ObjectManager;

/// <summary>
/// The CIM object manager: schema and static instances in a repository, providers behind their gates, and the operations over both. One
/// per host; endpoints ask it for the operations of their caller.
/// </summary>
public sealed class CimObjectManager : IAsyncDisposable
{
    private readonly ProviderRegistry _providers;

    /// <summary>Creates the object manager over an open repository.</summary>
    public CimObjectManager(CimRepository repository, DispatchOptions options, TimeProvider time, ILogger<CimObjectManager> logger)
    {
        Repository = repository;
        _providers = new ProviderRegistry(options, time, logger);
        Enumerations = new EnumerationContexts(options, time);
    }

    /// <summary>Schema and static instances.</summary>
    public CimRepository Repository { get; }

    /// <summary>Open enumerations of the pull operations.</summary>
    public EnumerationContexts Enumerations { get; }

    /// <summary>The operations on behalf of a caller.</summary>
    public ICimOperations For(CimCaller caller) => new CimOperations(Repository, _providers, caller, change => Changed?.Invoke(change) ?? ValueTask.CompletedTask);

    /// <summary>Called after a static instance was created, changed or deleted through an operation, before the client has its answer.</summary>
    internal Func<InstanceChange, ValueTask>? Changed { get; set; }

    /// <summary>True when the instances of a class come from providers.</summary>
    internal bool IsProvided(string namespaceName, string className) => _providers.Find(namespaceName, className).Count > 0;

    /// <summary>Takes providers into service.</summary>
    public void AddProviders(IEnumerable<ProviderRegistration> providers) => _providers.Add(providers);

    /// <summary>Takes the providers of a package out of service.</summary>
    public void RemoveProviders(string packageName) => _providers.Remove(packageName);

    /// <summary>Health of every provider in service, for CIM and for people.</summary>
    public IReadOnlyList<ProviderHealth> ProviderHealth =>
        [.. _providers.Gates.Select(g => new ProviderHealth(g.Registration, g.Breaker.IsOpen, g.Breaker.IsOpen ? g.Breaker.LastFailure : string.Empty, g.Refused))];

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Enumerations.DisposeAsync();
}
