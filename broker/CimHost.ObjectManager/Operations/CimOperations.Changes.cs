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
        string ns = Writable(namespaceName);
        CimClass cimClass = Schema.GetClass(ns, newInstance.ClassName);
        if (cimClass.IsAbstract)
        {
            throw CimException.NotSupported($"Class {cimClass.ClassName} is abstract; create an instance of one of its subclasses.");
        }

        CimInstance instance = Conform(newInstance, cimClass, ns, CimStatusCode.InvalidParameter);
        IReadOnlyList<ProviderGate> gates = _providers.Find(ns, cimClass.ClassName);
        if (gates.Count == 0)
        {
            // A provider completes what a client leaves out; the repository cannot.
            RequireValues(instance);
            RequireKeys(instance);
            CimObjectPath created = await _repository.Instances.CreateAsync(ns, instance, cancellationToken);
            await _changed(new InstanceChange(ns, null, instance));
            return created;
        }

        (ProviderGate gate, ICimCreateInstance provider) = Capable<ICimCreateInstance>(gates, cimClass, "created");
        return (await ChangeAsync(gate, cimClass, ns, (r, token) => provider.CreateAsync(r, instance, token), cancellationToken)).WithNamespace(ns);
    }

    public async ValueTask ModifyInstanceAsync(string namespaceName, CimInstance modifiedInstance, IReadOnlyList<string>? propertyList, CancellationToken cancellationToken)
    {
        string ns = Writable(namespaceName);
        CimClass cimClass = Schema.GetClass(ns, modifiedInstance.ClassName);
        CimObjectPath path = (modifiedInstance.Path ?? Conform(modifiedInstance, cimClass, ns, CimStatusCode.NoSuchProperty).Path
            ?? throw CimException.InvalidParameter($"The modified instance of {cimClass.ClassName} does not say which instance it is.")).Normalize(cimClass, ns);
        IReadOnlyList<ProviderGate> gates = _providers.Find(ns, cimClass.ClassName);
        if (gates.Count == 0 || await _repository.Instances.GetAsync(ns, cimClass.ClassName, path.KeyString, cancellationToken) is not null)
        {
            InstanceChange? change = null;
            await _repository.Instances.ModifyAsync(
                ns,
                cimClass.ClassName,
                path.KeyString,
                current =>
                {
                    CimInstance made = Changed(current, modifiedInstance, path, propertyList).Instance;
                    change = new InstanceChange(ns, current, made);
                    return made;
                },
                cancellationToken);
            await _changed(change!);
            return;
        }

        CimInstance provided = await FindInstanceAsync(ns, path, CimInstanceOptions.Full, cancellationToken);
        (CimInstance changed, IReadOnlyList<string> properties) = Changed(provided, modifiedInstance, path, propertyList);
        (ProviderGate gate, ICimModifyInstance provider) = Capable<ICimModifyInstance>(gates, cimClass, "modified");
        await ChangeAsync(gate, cimClass, ns, async (r, token) =>
        {
            await provider.ModifyAsync(r, changed, properties, token);
            return true;
        }, cancellationToken);
    }

    public async ValueTask DeleteInstanceAsync(string namespaceName, CimObjectPath instanceName, CancellationToken cancellationToken)
    {
        string ns = Writable(namespaceName);
        CimClass cimClass = Schema.GetClass(ns, instanceName.ClassName);
        CimObjectPath path = instanceName.Normalize(cimClass, ns);
        IReadOnlyList<ProviderGate> gates = _providers.Find(ns, cimClass.ClassName);
        CimInstance? deleted = null;
        bool isDamaged = false;
        try
        {
            deleted = await _repository.Instances.GetAsync(ns, cimClass.ClassName, path.KeyString, cancellationToken);
        }
        catch (CimException e) when (e.InnerException is InvalidDataException)
        {
            // Deleting it is what the error tells people to do; nobody can be told what it was.
            isDamaged = true;
        }

        if (gates.Count == 0 || isDamaged || deleted is not null)
        {
            await _repository.Instances.DeleteAsync(ns, cimClass.ClassName, path.KeyString, cancellationToken);
            await (deleted is null ? ValueTask.CompletedTask : _changed(new InstanceChange(ns, deleted, null)));
            return;
        }

        await FindInstanceAsync(ns, path, CimInstanceOptions.Full, cancellationToken);
        (ProviderGate gate, ICimDeleteInstance provider) = Capable<ICimDeleteInstance>(gates, cimClass, "deleted");
        await ChangeAsync(gate, cimClass, ns, async (r, token) =>
        {
            await provider.DeleteAsync(r, path, token);
            return true;
        }, cancellationToken);
    }

    public ValueTask SetPropertyAsync(string namespaceName, CimObjectPath instanceName, string propertyName, CimValue newValue, CancellationToken cancellationToken)
    {
        string ns = Writable(namespaceName);
        CimClass cimClass = Schema.GetClass(ns, instanceName.ClassName);
        CimPropertyDeclaration property = cimClass.CimClassProperties[propertyName]
            ?? throw new CimException(CimStatusCode.NoSuchProperty, $"Class {cimClass.ClassName} has no property {propertyName}.");

        // Setting a value forgets a path that was set by hand, so the path comes last.
        var instance = new CimInstance(cimClass.WithProperties([property]), ns) { [0] = ConformValue(newValue, property, cimClass, ns), Path = instanceName };
        return ModifyInstanceAsync(ns, instance, [property.Name], cancellationToken);
    }

    private (CimInstance Instance, IReadOnlyList<string> Properties) Changed(CimInstance current, CimInstance modified, CimObjectPath path, IReadOnlyList<string>? propertyList)
    {
        CimInstance changed = current.Clone();
        IReadOnlyList<string> properties = Apply(modified, changed, propertyList);
        RequireValues(changed);
        return changed.Path?.KeyString == path.KeyString
            ? (changed, properties)
            : throw CimException.InvalidParameter($"The keys of {path} cannot be changed; create a new instance instead.");
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
    private CimInstance Conform(CimInstance source, CimClass cimClass, string ns, CimStatusCode unknownProperty)
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

    private CimValue ConformValue(CimValue value, CimPropertyDeclaration property, CimClass cimClass, string ns)
    {
        if (!value.TryConvert(property.CimType, out CimValue converted))
        {
            throw new CimException(CimStatusCode.TypeMismatch, $"Property {cimClass.ClassName}.{property.Name} is {Describe(property.CimType)} and cannot be {Describe(value.Type)} {value}.");
        }

        if (converted.AsReference() is not { } reference)
        {
            return converted;
        }

        reference = reference.Namespace is null ? reference.WithNamespace(ns) : reference;
        RequireTarget(reference, property.ReferenceClassName, $"Reference {cimClass.ClassName}.{property.Name}");
        return reference;
    }

    // What a reference names must be of the declared class, as far as this host knows the namespace it points into.
    private void RequireTarget(CimObjectPath reference, string? declared, string what)
    {
        if (declared is null || reference.Host is not null || !Schema.Exists(reference.Namespace!))
        {
            return;
        }

        if (!Schema.IsSubclassOf(reference.Namespace!, reference.ClassName, declared))
        {
            throw CimException.InvalidParameter($"{what} is to {declared} and its subclasses; {reference.ClassName} in namespace {reference.Namespace} is none.");
        }
    }

    private IReadOnlyList<string> Apply(CimInstance source, CimInstance target, IReadOnlyList<string>? propertyList)
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

            // DSP0200 §5.4.2.8: a listed property that the instance does not carry takes its default value; its keys are in its path.
            CimPropertyDeclaration property = cimClass.CimClassProperties[index];
            if (property.IsKey && !source.CimClass.CimClassProperties.Contains(name))
            {
                continue;
            }

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
