using System.Runtime.CompilerServices;
using CimHost.ObjectManager.Dispatch;
using CimHost.ObjectManager.Query;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Operations;
using CimHost.Sdk.Providers;

namespace CimHost.ObjectManager.Operations;

/// <content>Reading instances.</content>
internal sealed partial class CimOperations
{
    public ValueTask<CimInstance> GetInstanceAsync(string namespaceName, CimObjectPath instanceName, CimInstanceOptions options, CancellationToken cancellationToken) =>
        FindInstanceAsync(Readable(namespaceName), instanceName, options, cancellationToken);

    // Without asking whether the caller may read: a change and a method look at their instance too.
    private ValueTask<CimInstance> FindInstanceAsync(string ns, CimObjectPath instanceName, CimInstanceOptions options, CancellationToken cancellationToken)
    {
        CimClass cimClass = Schema.GetClass(ns, instanceName.ClassName);
        CimObjectPath path = instanceName.Normalize(cimClass, ns);
        IReadOnlyList<ProviderGate> gates = _providers.Find(ns, cimClass.ClassName);
        if (gates.Count > 0)
        {
            return GetFromProvidersAsync(gates, cimClass, path, options, cancellationToken);
        }

        ValueTask<CimInstance?> stored = _repository.Instances.GetAsync(ns, cimClass.ClassName, path.KeyString, cancellationToken);
        return stored.IsCompletedSuccessfully
            ? ValueTask.FromResult(Found(stored.Result, path, options))
            : Await(stored, path, options);

        static async ValueTask<CimInstance> Await(ValueTask<CimInstance?> stored, CimObjectPath path, CimInstanceOptions options) =>
            Found(await stored, path, options);
    }

    public async IAsyncEnumerable<CimInstance> EnumerateInstancesAsync(string namespaceName, string className, CimInstanceOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string ns = Readable(namespaceName);
        CimClass requested = Schema.GetClass(ns, className);
        InstanceFilter? filter = InstanceFilter.Create(options.FilterLanguage, options.Filter, requested);
        var shaper = new InstanceShaper(options, requested);
        await foreach (CimInstance instance in ReadAsync(ns, requested, filter is null ? options.PropertyList : null, cancellationToken))
        {
            if (filter is null || filter.Matches(instance))
            {
                yield return shaper.Shape(instance);
            }
        }
    }

    public async IAsyncEnumerable<CimObjectPath> EnumerateInstanceNamesAsync(string namespaceName, string className, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string ns = Readable(namespaceName);
        await foreach (CimInstance instance in ReadAsync(ns, Schema.GetClass(ns, className), [], cancellationToken))
        {
            if (instance.Path is { } path)
            {
                yield return path;
            }
        }
    }

    public async ValueTask<CimProperty> GetPropertyAsync(string namespaceName, CimObjectPath instanceName, string propertyName, CancellationToken cancellationToken)
    {
        CimInstance instance = await GetInstanceAsync(namespaceName, instanceName, CimInstanceOptions.Full, cancellationToken);
        int index = instance.CimClass.IndexOf(propertyName);
        return index >= 0
            ? new CimProperty(instance.CimClass.CimClassProperties[index], instance[index])
            : throw new CimException(CimStatusCode.NoSuchProperty, $"Class {instance.ClassName} has no property {propertyName}.");
    }

    private static CimInstance Found(CimInstance? instance, CimObjectPath path, CimInstanceOptions options) => instance is null
        ? throw CimException.NotFound(path)
        : options.PropertyList is null ? instance : new InstanceShaper(options).Shape(instance);

    // All instances of a class and its subclasses. Every provider is started before the first result is read, so that they work side by
    // side; one that fails or hangs does not keep the others' instances back.
    private IAsyncEnumerable<CimInstance> ReadAsync(string ns, CimClass requested, IReadOnlyList<string>? propertyList, CancellationToken cancellationToken)
    {
        List<IAsyncEnumerable<CimInstance>> sources = [];
        AddSources(sources, ns, requested, propertyList, cancellationToken);
        foreach (string subclass in Schema.SubclassNames(ns, requested.ClassName, deep: true))
        {
            if ((_providers.Find(ns, subclass).Count > 0 || _repository.Instances.HasInstances(ns, subclass)) && Schema.FindClass(ns, subclass) is { } cimClass)
            {
                AddSources(sources, ns, cimClass, propertyList, cancellationToken);
            }
        }

        return InstanceSources.ReadAll(sources, cancellationToken);
    }

    private void AddSources(List<IAsyncEnumerable<CimInstance>> sources, string ns, CimClass cimClass, IReadOnlyList<string>? propertyList, CancellationToken cancellationToken)
    {
        var request = new CimProviderRequest(cimClass, ns, propertyList, _caller.UserName);
        foreach (ProviderGate gate in _providers.Find(ns, cimClass.ClassName))
        {
            sources.Add(gate.EnumerateAsync(request, cancellationToken));
        }

        if (_repository.Instances.HasInstances(ns, cimClass.ClassName))
        {
            sources.Add(_repository.Instances.EnumerateAsync(ns, cimClass.ClassName, cancellationToken));
        }
    }

    private async ValueTask<CimInstance> GetFromProvidersAsync(IReadOnlyList<ProviderGate> gates, CimClass cimClass, CimObjectPath path, CimInstanceOptions options, CancellationToken cancellationToken)
    {
        var request = new CimProviderRequest(cimClass, path.Namespace!, options.PropertyList, _caller.UserName);
        CimException? error = null;
        foreach (ProviderGate gate in gates)
        {
            try
            {
                if (await GetFromProviderAsync(gate, request, path, cancellationToken) is { } instance)
                {
                    return Found(instance, path, options);
                }
            }
            catch (CimException e)
            {
                error ??= e;
            }
        }

        CimInstance? stored = await _repository.Instances.GetAsync(path.Namespace!, cimClass.ClassName, path.KeyString, cancellationToken);

        // A provider that failed may well have had it: "not found" would be a lie.
        return stored is null && error is not null ? throw new CimException(error.Status, error.Message, error) : Found(stored, path, options);
    }

    private static async ValueTask<CimInstance?> GetFromProviderAsync(ProviderGate gate, CimProviderRequest request, CimObjectPath path, CancellationToken cancellationToken)
    {
        if (gate.Registration.Provider is ICimGetInstance direct)
        {
            return await gate.CallAsync(request, async (r, token) => await direct.GetAsync(r, path, token) is { } told ? Accept(told, r, path, gate) : null, cancellationToken);
        }

        await foreach (CimInstance instance in gate.EnumerateAsync(request with { PropertyList = null }, cancellationToken))
        {
            if (instance.Path?.KeyString == path.KeyString)
            {
                return instance;
            }
        }

        return null;
    }

    private static CimInstance Accept(CimInstance told, CimProviderRequest request, CimObjectPath path, ProviderGate gate)
    {
        CimInstance instance = ProvidedInstance.Accept(told, request, gate.Registration.Name);
        return instance.Path?.KeyString == path.KeyString
            ? instance
            : throw CimException.Failed($"{gate.Registration.Name} told {instance.Path} when it was asked for {path}.");
    }
}
