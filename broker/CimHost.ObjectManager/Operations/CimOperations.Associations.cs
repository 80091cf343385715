using System.Runtime.CompilerServices;
using CimHost.ObjectManager.Dispatch;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Operations;
using CimHost.Sdk.Providers;

namespace CimHost.ObjectManager.Operations;

/// <content>Associations of instances and of classes.</content>
internal sealed partial class CimOperations
{
    public async IAsyncEnumerable<CimInstance> AssociatorsAsync(string namespaceName, CimObjectPath source, CimAssociationOptions association, CimInstanceOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var filters = new FilterCache(options);
        var shaper = new InstanceShaper(options);
        var reader = new AssociatorReader(this);
        CimException? error = null;
        await using IAsyncEnumerator<CimObjectPath> paths = AssociatorNamesAsync(namespaceName, source, association, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            CimInstance? instance = null;
            try
            {
                if (!await paths.MoveNextAsync())
                {
                    break;
                }
            }
            catch (CimException e)
            {
                error ??= e;
                break;
            }

            try
            {
                instance = await reader.FindAsync(paths.Current, cancellationToken);
            }
            catch (CimException e)
            {
                error ??= e;
            }

            if (instance is not null && filters.Matches(instance))
            {
                yield return shaper.Shape(instance);
            }
        }

        if (error is not null)
        {
            throw new CimException(error.Status, error.Message, error);
        }
    }

    public async IAsyncEnumerable<CimObjectPath> AssociatorNamesAsync(string namespaceName, CimObjectPath source, CimAssociationOptions association, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string ns = Readable(namespaceName);
        if (association.ResultClass is not null)
        {
            RequireClass(ns, association.ResultClass, "ResultClass");
        }

        CimObjectPath origin = ResolveSource(ns, source);
        var told = new HashSet<CimObjectPath>();
        await foreach (CimInstance link in LinksAsync(ns, origin, association.AssociationClass, "AssocClass", association.Role, cancellationToken))
        {
            foreach (CimObjectPath other in OtherEnds(link, origin, association))
            {
                if ((association.ResultClass is null || IsOfClass(other, association.ResultClass)) && told.Add(other))
                {
                    yield return other;
                }
            }
        }
    }

    public async IAsyncEnumerable<CimInstance> ReferencesAsync(string namespaceName, CimObjectPath source, CimAssociationOptions association, CimInstanceOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string ns = Readable(namespaceName);
        var filters = new FilterCache(options);
        var shaper = new InstanceShaper(options);
        await foreach (CimInstance link in LinksAsync(ns, ResolveSource(ns, source), association.AssociationClass, "ResultClass", association.Role, cancellationToken))
        {
            if (filters.Matches(link))
            {
                yield return shaper.Shape(link);
            }
        }
    }

    public async IAsyncEnumerable<CimObjectPath> ReferenceNamesAsync(string namespaceName, CimObjectPath source, CimAssociationOptions association, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string ns = Readable(namespaceName);
        await foreach (CimInstance link in LinksAsync(ns, ResolveSource(ns, source), association.AssociationClass, "ResultClass", association.Role, cancellationToken))
        {
            if (link.Path is { } path)
            {
                yield return path;
            }
        }
    }

    public async IAsyncEnumerable<CimClass> AssociatorClassesAsync(string namespaceName, string className, CimAssociationOptions association, CimClassOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string ns = Readable(namespaceName);
        var told = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (CimClass link in AssociationClassesOf(ns, className, association.AssociationClass, "AssocClass", association.Role))
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (CimPropertyDeclaration end in OtherEnds(ns, link, className, association))
            {
                if (Schema.FindClass(ns, end.ReferenceClassName!) is { } other
                    && (association.ResultClass is null || Schema.IsSubclassOf(ns, other.ClassName, association.ResultClass))
                    && told.Add(other.ClassName))
                {
                    yield return Shape(other, options);
                }
            }
        }

        await ValueTask.CompletedTask;
    }

    public async IAsyncEnumerable<CimClass> ReferenceClassesAsync(string namespaceName, string className, CimAssociationOptions association, CimClassOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string ns = Readable(namespaceName);
        foreach (CimClass link in AssociationClassesOf(ns, className, association.AssociationClass, "ResultClass", association.Role))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return Shape(link, options);
        }

        await ValueTask.CompletedTask;
    }

    // The source may live in another namespace than the associations (a managed element that conforms to a profile of the interop namespace).
    private CimObjectPath ResolveSource(string ns, CimObjectPath source)
    {
        string sourceNs = source.Namespace is null ? ns : Schema.ResolveNamespace(source.Namespace);
        CimClass cimClass = Schema.FindClass(sourceNs, source.ClassName)
            ?? throw CimException.InvalidParameter($"The source {source} is of class {source.ClassName}, which does not exist in namespace {sourceNs}.");
        return source.Normalize(cimClass, sourceNs);
    }

    private void RequireClass(string ns, string className, string parameter)
    {
        if (Schema.FindClass(ns, className) is null)
        {
            throw CimException.InvalidParameter($"{parameter} {className} is no class of namespace {ns}.");
        }
    }

    // The association instances that refer to the source. Only classes that have instances here are looked at, and of these only those
    // with a reference that may hold the source.
    private async IAsyncEnumerable<CimInstance> LinksAsync(string ns, CimObjectPath source, string? associationClass, string parameter, string? role, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (associationClass is not null)
        {
            RequireClass(ns, associationClass, parameter);
        }

        List<IAsyncEnumerable<CimInstance>> sources = [];
        foreach (string name in _providers.ClassNames(ns).Union(_repository.Instances.ClassNames(ns), StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase))
        {
            if (Schema.FindClass(ns, name) is { IsAssociation: true } link
                && (associationClass is null || Schema.IsSubclassOf(ns, link.ClassName, associationClass))
                && link.CimClassProperties.Any(p => MayHold(source.Namespace!, p, source.ClassName, role)))
            {
                AddLinkSources(sources, ns, link, source, role, cancellationToken);
            }
        }

        await foreach (CimInstance link in InstanceSources.ReadAll(sources, cancellationToken).WithCancellation(cancellationToken))
        {
            if (RefersTo(link, source, role))
            {
                yield return link;
            }
        }
    }

    private void AddLinkSources(List<IAsyncEnumerable<CimInstance>> sources, string ns, CimClass link, CimObjectPath source, string? role, CancellationToken cancellationToken)
    {
        var request = new CimProviderRequest(link, ns, null, _caller.UserName);
        foreach (ProviderGate gate in _providers.Find(ns, link.ClassName))
        {
            sources.Add(gate.Registration.Provider is ICimAssociations direct
                ? ThroughAsync(gate, direct, request, source, role, cancellationToken)
                : gate.EnumerateAsync(request, cancellationToken));
        }

        if (_repository.Instances.HasInstances(ns, link.ClassName))
        {
            sources.Add(_repository.Instances.EnumerateAsync(ns, link.ClassName, cancellationToken));
        }
    }

    private static async IAsyncEnumerable<CimInstance> ThroughAsync(ProviderGate gate, ICimAssociations provider, CimProviderRequest request, CimObjectPath source, string? role, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        List<CimInstance> links = await gate.CallAsync(
            request,
            async (r, token) => await provider.ReferencesAsync(r, source, role, token).Select(link => ProvidedInstance.Accept(link, r, gate.Registration.Name)).ToListAsync(token),
            cancellationToken);
        foreach (CimInstance link in links)
        {
            yield return link;
        }
    }

    private bool MayHold(string ns, CimPropertyDeclaration property, string className, string? role) =>
        property.ReferenceClassName is not null
        && (role is null || string.Equals(property.Name, role, StringComparison.OrdinalIgnoreCase))
        && (Schema.IsSubclassOf(ns, className, property.ReferenceClassName) || Schema.FindClass(ns, property.ReferenceClassName) is null);

    private static bool RefersTo(CimInstance link, CimObjectPath source, string? role)
    {
        ReadOnlySpan<CimPropertyDeclaration> properties = link.CimClass.CimClassProperties.AsSpan();
        for (int i = 0; i < properties.Length; i++)
        {
            if (link[i].AsReference() is { } reference
                && (role is null || string.Equals(properties[i].Name, role, StringComparison.OrdinalIgnoreCase))
                && Same(reference, source))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Same(CimObjectPath reference, CimObjectPath source) =>
        string.Equals(reference.ClassName, source.ClassName, StringComparison.OrdinalIgnoreCase)
        && (reference.Namespace is null || string.Equals(reference.Namespace, source.Namespace, StringComparison.OrdinalIgnoreCase))
        && reference.KeyString == source.KeyString;

    private static IEnumerable<CimObjectPath> OtherEnds(CimInstance link, CimObjectPath source, CimAssociationOptions association)
    {
        int sourceEnds = 0;
        for (int i = 0; i < link.Count; i++)
        {
            if (link[i].AsReference() is not { } reference)
            {
                continue;
            }

            string name = link.CimClass.CimClassProperties[i].Name;
            bool mayBeSource = association.Role is null || string.Equals(name, association.Role, StringComparison.OrdinalIgnoreCase);
            if (mayBeSource && Same(reference, source) && sourceEnds++ == 0)
            {
                // The end that was followed; a link of an object with itself has it at the other end again.
                continue;
            }

            if (association.ResultRole is null || string.Equals(name, association.ResultRole, StringComparison.OrdinalIgnoreCase))
            {
                yield return reference.Namespace is null ? reference.WithNamespace(source.Namespace) : reference;
            }
        }
    }

    private bool IsOfClass(CimObjectPath path, string className) => Schema.IsSubclassOf(path.Namespace!, path.ClassName, className);

    private IEnumerable<CimClass> AssociationClassesOf(string ns, string className, string? associationClass, string parameter, string? role)
    {
        if (Schema.FindClass(ns, className) is null)
        {
            throw CimException.InvalidParameter($"The source class {className} does not exist in namespace {ns}.");
        }

        if (associationClass is not null)
        {
            RequireClass(ns, associationClass, parameter);
        }

        return Schema.AssociationClassNames(ns)
            .Where(name => associationClass is null || Schema.IsSubclassOf(ns, name, associationClass))
            .Select(name => Schema.FindClass(ns, name))
            .OfType<CimClass>()
            .Where(link => link.CimClassProperties.Any(p => MayHold(ns, p, className, role)));
    }

    // Where both ends may hold the source (an association of a class with itself), each end is also the other end.
    private IEnumerable<CimPropertyDeclaration> OtherEnds(string ns, CimClass link, string className, CimAssociationOptions association) => link.CimClassProperties
        .Where(source => MayHold(ns, source, className, association.Role))
        .SelectMany(source => link.CimClassProperties.Where(p => p.ReferenceClassName is not null
            && !ReferenceEquals(p, source)
            && (association.ResultRole is null || string.Equals(p.Name, association.ResultRole, StringComparison.OrdinalIgnoreCase))));
}
