using System.Reflection;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Providers;

namespace CimHost.Sdk.Testing;

/// <summary>
/// What every provider must keep, checked on its instances. Call it from a test for each class, with hardware that gives at least one
/// instance; a broken rule is a <see cref="ProviderContractException"/>.
/// </summary>
public static class ProviderContract
{
    /// <summary>
    /// Checks one class: instances are of exactly that class, have all keys, different paths and the same paths each time; a property list
    /// changes neither keys nor values; a cancelled request ends as cancelled; GetInstance and references agree with the enumeration.
    /// Returns the instances.
    /// </summary>
    public static async Task<IReadOnlyList<CimInstance>> CheckAsync(ICimProvider provider, CimProviderRequest request, CancellationToken cancellationToken = default)
    {
        string name = $"{provider.GetType().Name}, {request.CimClass.ClassName}";
        List<CimInstance> instances = await provider.EnumerateAsync(request, cancellationToken).ToListAsync(cancellationToken);
        Require(instances.Count > 0, name, "told no instance; give the test hardware that has one");
        CheckShape(instances, request, name);
        await CheckStabilityAsync(provider, request, instances, name, cancellationToken);
        await CheckCancellationAsync(provider, request, name);
        if (provider is ICimGetInstance direct)
        {
            await CheckGetAsync(direct, request, instances, name, cancellationToken);
        }

        if (provider is ICimAssociations associations && request.CimClass.IsAssociation)
        {
            await CheckReferencesAsync(associations, request, instances, name, cancellationToken);
        }

        return instances;
    }

    /// <summary>Checks the export: the attribute is there, and the schema has every class it names, concrete and in reach of clients.</summary>
    public static IReadOnlyList<string> CheckExport(Type provider, CimTestSchema schema)
    {
        CimProviderAttribute attribute = provider.GetCustomAttribute<CimProviderAttribute>()
            ?? throw new ProviderContractException($"{provider.Name} has no CimProvider attribute, so that no host will find it.");
        Require(attribute.ClassNames.Length > 0, provider.Name, "names no class");
        foreach (string className in attribute.ClassNames)
        {
            Require(schema.ClassNames.Contains(className, StringComparer.OrdinalIgnoreCase), provider.Name, $"serves {className}, which no MOF file of the package declares");
            Require(!schema[className].IsAbstract, provider.Name, $"serves {className}, which is abstract and cannot have instances");
            Require(schema[className].IsIndication || schema[className].KeyIndexes.Count > 0, provider.Name, $"serves {className}, which has no key");
        }

        return attribute.ClassNames;
    }

    private static void CheckShape(List<CimInstance> instances, CimProviderRequest request, string name)
    {
        var paths = new HashSet<string>(StringComparer.Ordinal);
        foreach (CimInstance instance in instances)
        {
            Require(ReferenceEquals(instance.CimClass, request.CimClass), name, $"told an instance of {instance.ClassName} in another shape than the class asked for");
            Require(instance.Path is not null, name, "told an instance with a key that is NULL: " + Describe(instance));
            Require(string.Equals(instance.Path!.Namespace, request.Namespace, StringComparison.OrdinalIgnoreCase), name, $"told {instance.Path} for namespace {request.Namespace}");
            Require(paths.Add(instance.Path.KeyString), name, $"told two instances of the path {instance.Path}");
            if (instance.TryGetValue("CreationClassName", out CimValue creation))
            {
                Require(string.Equals(creation.AsString(), request.CimClass.ClassName, StringComparison.Ordinal), name, $"CreationClassName of {instance.Path} is {creation}");
            }
        }
    }

    private static async Task CheckStabilityAsync(ICimProvider provider, CimProviderRequest request, List<CimInstance> instances, string name, CancellationToken cancellationToken)
    {
        HashSet<string> keys = [.. instances.Select(i => i.Path!.KeyString)];
        List<CimInstance> again = await provider.EnumerateAsync(request with { PropertyList = [] }, cancellationToken).ToListAsync(cancellationToken);
        Require(keys.SetEquals(again.Select(i => i.Path?.KeyString ?? "(NULL key)")), name, "the paths differ between two enumerations, or an empty property list leaves keys out");
    }

    private static async Task CheckCancellationAsync(ICimProvider provider, CimProviderRequest request, string name)
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        try
        {
            await foreach (CimInstance instance in provider.EnumerateAsync(request, cancelled.Token))
            {
                _ = instance;
            }
        }
        catch (OperationCanceledException)
        {
            return;
        }
        catch (Exception e)
        {
            throw new ProviderContractException($"{name}: a cancelled enumeration ended with {e.GetType().Name} ({e.Message}) and not as cancelled.");
        }
    }

    private static async Task CheckGetAsync(ICimGetInstance direct, CimProviderRequest request, List<CimInstance> instances, string name, CancellationToken cancellationToken)
    {
        foreach (CimInstance instance in instances)
        {
            CimInstance? found = await direct.GetAsync(request, instance.Path!, cancellationToken);
            Require(found is not null, name, $"GetInstance does not find the enumerated {instance.Path}");
            for (int i = 0; i < instance.Count; i++)
            {
                string property = instance.CimClass.CimClassProperties[i].Name;
                Require(found![i] == instance[i], name, $"{property} of {instance.Path} is {instance[i]} in the enumeration and {found[i]} from GetInstance");
            }
        }

        CimObjectPath path = instances[0].Path!;
        CimKeyBinding[] keys = [.. path.Keys];
        int text = Array.FindIndex(keys, k => k.Value.Type == CimType.String && !k.Name.EndsWith("CreationClassName", StringComparison.OrdinalIgnoreCase));
        if (text >= 0)
        {
            keys[text] = keys[text] with { Value = "no such " + keys[text].Value };
            CimInstance? none = await direct.GetAsync(request, new CimObjectPath(path.ClassName, keys, path.Namespace), cancellationToken);
            Require(none is null, name, "GetInstance tells an instance for a path that no instance has");
        }
    }

    private static async Task CheckReferencesAsync(ICimAssociations provider, CimProviderRequest request, List<CimInstance> instances, string name, CancellationToken cancellationToken)
    {
        var ends = instances
            .SelectMany(i => i.CimInstanceProperties.Select(p => (Link: i, Path: i[p.Name].AsReference())))
            .Where(e => e.Path is not null)
            .GroupBy(e => e.Path!);
        foreach (var end in ends)
        {
            List<CimInstance> links = await provider.ReferencesAsync(request, end.Key, null, cancellationToken).ToListAsync(cancellationToken);
            HashSet<string> expected = [.. end.Select(e => e.Link.Path!.KeyString)];
            Require(expected.SetEquals(links.Select(l => l.Path!.KeyString)), name, $"the references of {end.Key} differ from those in the enumeration");
        }
    }

    private static string Describe(CimInstance instance) =>
        string.Join(", ", instance.CimClass.KeyIndexes.Select(i => $"{instance.CimClass.CimClassProperties[i].Name}={instance[i]}"));

    private static void Require(bool condition, string who, string what)
    {
        if (!condition)
        {
            throw new ProviderContractException($"{who}: {what}.");
        }
    }
}
