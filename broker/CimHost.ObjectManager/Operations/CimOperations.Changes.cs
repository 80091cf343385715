using CimHost.ObjectManager.Dispatch;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Operations;
using CimHost.Sdk.Providers;

namespace CimHost.ObjectManager.Operations;

/// <content>Changing instances.</content>
internal sealed partial class CimOperations
{
    public async ValueTask<CimObjectPath> CreateInstanceAsync(string namespaceName, CimInstance newInstance, CancellationToken cancellationToken)
    {
        RequireWrite("CreateInstance");
        string ns = Schema.ResolveNamespace(namespaceName);
        CimClass cimClass = Schema.GetClass(ns, newInstance.ClassName);
        if (cimClass.IsAbstract)
        {
            throw CimException.NotSupported($"Class {cimClass.ClassName} is abstract; create an instance of one of its subclasses.");
        }

        CimInstance instance = Conform(newInstance, cimClass, ns, CimStatusCode.InvalidParameter);
        RequireValues(instance);
        IReadOnlyList<ProviderGate> gates = _providers.Find(ns, cimClass.ClassName);
        if (gates.Count == 0)
        {
            RequireKeys(instance);
            return await _repository.Instances.CreateAsync(ns, instance, cancellationToken);
        }

        (ProviderGate gate, ICimCreateInstance provider) = Capable<ICimCreateInstance>(gates, cimClass, "created");
        return (await ChangeAsync(gate, cimClass, ns, (r, token) => provider.CreateAsync(r, instance, token), cancellationToken)).WithNamespace(ns);
    }

    public async ValueTask ModifyInstanceAsync(string namespaceName, CimInstance modifiedInstance, IReadOnlyList<string>? propertyList, CancellationToken cancellationToken)
    {
        RequireWrite("ModifyInstance");
        string ns = Schema.ResolveNamespace(namespaceName);
        CimClass cimClass = Schema.GetClass(ns, modifiedInstance.ClassName);
        CimObjectPath path = (modifiedInstance.Path ?? Conform(modifiedInstance, cimClass, ns, CimStatusCode.NoSuchProperty).Path
            ?? throw CimException.InvalidParameter($"The modified instance of {cimClass.ClassName} does not say which instance it is.")).Normalize(cimClass, ns);
        CimInstance current = await GetInstanceAsync(ns, path, CimInstanceOptions.Full, cancellationToken);
        CimInstance changed = current.Clone();
        IReadOnlyList<string> properties = Apply(modifiedInstance, changed, propertyList);
        RequireValues(changed);
        if (changed.Path?.KeyString != path.KeyString)
        {
            throw CimException.InvalidParameter($"The keys of {path} cannot be changed; create a new instance instead.");
        }

        IReadOnlyList<ProviderGate> gates = _providers.Find(ns, cimClass.ClassName);
        if (gates.Count == 0)
        {
            await _repository.Instances.ModifyAsync(ns, changed, cancellationToken);
            return;
        }

        (ProviderGate gate, ICimModifyInstance provider) = Capable<ICimModifyInstance>(gates, cimClass, "modified");
        await ChangeAsync(gate, cimClass, ns, async (r, token) =>
        {
            await provider.ModifyAsync(r, changed, properties, token);
            return true;
        }, cancellationToken);
    }

    public async ValueTask DeleteInstanceAsync(string namespaceName, CimObjectPath instanceName, CancellationToken cancellationToken)
    {
        RequireWrite("DeleteInstance");
        string ns = Schema.ResolveNamespace(namespaceName);
        CimClass cimClass = Schema.GetClass(ns, instanceName.ClassName);
        CimObjectPath path = instanceName.Normalize(cimClass, ns);
        IReadOnlyList<ProviderGate> gates = _providers.Find(ns, cimClass.ClassName);
        if (gates.Count == 0 || await _repository.Instances.GetAsync(ns, cimClass.ClassName, path.KeyString, cancellationToken) is not null)
        {
            await _repository.Instances.DeleteAsync(ns, cimClass.ClassName, path.KeyString, cancellationToken);
            return;
        }

        await GetInstanceAsync(ns, path, CimInstanceOptions.Full, cancellationToken);
        (ProviderGate gate, ICimDeleteInstance provider) = Capable<ICimDeleteInstance>(gates, cimClass, "deleted");
        await ChangeAsync(gate, cimClass, ns, async (r, token) =>
        {
            await provider.DeleteAsync(r, path, token);
            return true;
        }, cancellationToken);
    }

    public ValueTask SetPropertyAsync(string namespaceName, CimObjectPath instanceName, string propertyName, CimValue newValue, CancellationToken cancellationToken)
    {
        string ns = Schema.ResolveNamespace(namespaceName);
        CimClass cimClass = Schema.GetClass(ns, instanceName.ClassName);
        CimPropertyDeclaration property = cimClass.CimClassProperties[propertyName]
            ?? throw new CimException(CimStatusCode.NoSuchProperty, $"Class {cimClass.ClassName} has no property {propertyName}.");
        var instance = new CimInstance(cimClass.WithProperties([property]), ns) { [0] = newValue, Path = instanceName };
        return ModifyInstanceAsync(ns, WithPath(instance, instanceName), [property.Name], cancellationToken);
    }

    // Setting a value forgets a path that was set by hand, so the path comes last.
    private static CimInstance WithPath(CimInstance instance, CimObjectPath path)
    {
        instance.Path = path;
        return instance;
    }

    private async ValueTask<T> ChangeAsync<T>(ProviderGate gate, CimClass cimClass, string ns, Func<CimProviderRequest, CancellationToken, ValueTask<T>> change, CancellationToken cancellationToken)
    {
        try
        {
            return await gate.CallAsync(new CimProviderRequest(cimClass, ns, null, _caller.UserName), change, cancellationToken);
        }
        finally
        {
            gate.Invalidate();
        }
    }

    private static (ProviderGate Gate, T Provider) Capable<T>(IReadOnlyList<ProviderGate> gates, CimClass cimClass, string what)
        where T : class
    {
        foreach (ProviderGate gate in gates)
        {
            if (gate.Registration.Provider is T capable)
            {
                return (gate, capable);
            }
        }

        throw CimException.NotSupported($"Instances of {cimClass.ClassName} cannot be {what} by clients.");
    }

    // A client's instance in the shape of the real class: unknown properties refused, values in the declared types.
    private static CimInstance Conform(CimInstance source, CimClass cimClass, string ns, CimStatusCode unknownProperty)
    {
        var instance = new CimInstance(cimClass, ns);
        foreach (CimProperty property in source.CimInstanceProperties)
        {
            int index = cimClass.IndexOf(property.Name);
            if (index < 0)
            {
                throw new CimException(unknownProperty, $"Class {cimClass.ClassName} has no property {property.Name}.");
            }

            instance[index] = ConformValue(property.CimValue, cimClass.CimClassProperties[index], cimClass, ns);
        }

        return instance;
    }

    private static CimValue ConformValue(CimValue value, CimPropertyDeclaration property, CimClass cimClass, string ns)
    {
        if (value.AsReference() is { } reference && reference.Namespace is null)
        {
            return reference.WithNamespace(ns);
        }

        return value.IsNull || value.TryConvert(property.CimType, out value)
            ? value
            : throw new CimException(CimStatusCode.TypeMismatch, $"Property {cimClass.ClassName}.{property.Name} is {Describe(property.CimType)} and cannot be {value}.");
    }

    private static IReadOnlyList<string> Apply(CimInstance source, CimInstance target, IReadOnlyList<string>? propertyList)
    {
        CimClass cimClass = target.CimClass;
        List<string> applied = [];
        foreach (string name in propertyList ?? source.CimClass.CimClassProperties.Select(p => p.Name).ToArray())
        {
            int index = cimClass.IndexOf(name);
            if (index < 0)
            {
                throw new CimException(CimStatusCode.NoSuchProperty, $"Class {cimClass.ClassName} has no property {name}.");
            }

            // DSP0200 §5.4.2.8: a listed property that the instance does not carry takes its default value.
            CimPropertyDeclaration property = cimClass.CimClassProperties[index];
            target[index] = source.TryGetValue(name, out CimValue value) ? ConformValue(value, property, cimClass, target.Namespace!) : property.DefaultValue;
            applied.Add(property.Name);
        }

        return applied;
    }

    private static void RequireKeys(CimInstance instance)
    {
        foreach (int index in instance.CimClass.KeyIndexes)
        {
            if (instance[index].IsNull)
            {
                throw CimException.InvalidParameter($"The key {instance.ClassName}.{instance.CimClass.CimClassProperties[index].Name} has no value.");
            }
        }
    }

    private static void RequireValues(CimInstance instance)
    {
        ReadOnlySpan<CimPropertyDeclaration> properties = instance.CimClass.CimClassProperties.AsSpan();
        for (int i = 0; i < properties.Length; i++)
        {
            if (instance[i].IsNull && !properties[i].IsKey && properties[i].HasQualifier("Required"))
            {
                throw CimException.InvalidParameter($"The property {instance.ClassName}.{properties[i].Name} is required and has no value.");
            }
        }
    }

    private static string Describe(CimType type) => type.IsArray() ? type.ElementName() + "[]" : type.ElementName();
}
