using System.Runtime.CompilerServices;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Operations;

namespace CimHost.ObjectManager.Operations;

/// <content>Classes and qualifier declarations.</content>
internal sealed partial class CimOperations
{
    public ValueTask<CimClass> GetClassAsync(string namespaceName, string className, CimClassOptions options, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Shape(ExistingClass(Readable(namespaceName), className), options));

    public async IAsyncEnumerable<CimClass> EnumerateClassesAsync(string namespaceName, string? className, bool deepInheritance, CimClassOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string ns = Readable(namespaceName);
        foreach (string name in SubclassNames(ns, className, deepInheritance))
        {
            cancellationToken.ThrowIfCancellationRequested();

            // A class deleted since the names were listed is no longer part of the answer.
            if (Schema.FindClass(ns, name) is { } found)
            {
                yield return Shape(found, options);
            }
        }

        await ValueTask.CompletedTask;
    }

    public async IAsyncEnumerable<string> EnumerateClassNamesAsync(string namespaceName, string? className, bool deepInheritance, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (string name in SubclassNames(Readable(namespaceName), className, deepInheritance))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return name;
        }

        await ValueTask.CompletedTask;
    }

    public ValueTask CreateClassAsync(string namespaceName, CimClass newClass, CancellationToken cancellationToken) =>
        _repository.CreateClassAsync(Writable(namespaceName), newClass, cancellationToken);

    public ValueTask ModifyClassAsync(string namespaceName, CimClass modifiedClass, CancellationToken cancellationToken)
    {
        string ns = Writable(namespaceName);
        ExistingClass(ns, modifiedClass.ClassName);
        return _repository.ModifyClassAsync(ns, modifiedClass, cancellationToken);
    }

    public ValueTask DeleteClassAsync(string namespaceName, string className, CancellationToken cancellationToken)
    {
        string ns = Writable(namespaceName);
        ExistingClass(ns, className);
        if (_providers.Find(ns, className).Count > 0)
        {
            throw new CimException(CimStatusCode.ClassHasInstances, $"Class {className} is served by provider {_providers.Find(ns, className)[0].Registration.Name}; remove its package first.");
        }

        return _repository.DeleteClassAsync(ns, className, cancellationToken);
    }

    // Where the class itself is asked for, DSP0200 wants NOT_FOUND; INVALID_CLASS is for operations on its instances (§5.3.2.1, .3, .9).
    private CimClass ExistingClass(string ns, string className) => Schema.FindClass(ns, className)
        ?? throw new CimException(CimStatusCode.NotFound, $"There is no class {className} in namespace {ns}.");

    public ValueTask<CimQualifierDeclaration> GetQualifierAsync(string namespaceName, string qualifierName, CancellationToken cancellationToken)
    {
        string ns = Readable(namespaceName);
        return Schema.FindQualifier(ns, qualifierName) is { } found
            ? ValueTask.FromResult(found)
            : throw new CimException(CimStatusCode.NotFound, $"There is no qualifier declaration {qualifierName} in namespace {ns}.");
    }

    public async IAsyncEnumerable<CimQualifierDeclaration> EnumerateQualifiersAsync(string namespaceName, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (CimQualifierDeclaration declaration in Schema.Qualifiers(Readable(namespaceName)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return declaration;
        }

        await ValueTask.CompletedTask;
    }

    public ValueTask SetQualifierAsync(string namespaceName, CimQualifierDeclaration declaration, CancellationToken cancellationToken) =>
        _repository.SetQualifierAsync(Writable(namespaceName), declaration, cancellationToken);

    public ValueTask DeleteQualifierAsync(string namespaceName, string qualifierName, CancellationToken cancellationToken) =>
        _repository.DeleteQualifierAsync(Writable(namespaceName), qualifierName, cancellationToken);

    private IReadOnlyList<string> SubclassNames(string ns, string? className, bool deep)
    {
        if (className is not null)
        {
            Schema.GetClass(ns, className);
        }

        return Schema.SubclassNames(ns, className, deep);
    }

    // Class origins are the encoder's choice; everything else is cut here.
    private static CimClass Shape(CimClass cimClass, CimClassOptions options)
    {
        if (!options.LocalOnly && options.IncludeQualifiers && options.PropertyList is null)
        {
            return cimClass;
        }

        IEnumerable<CimPropertyDeclaration> properties = cimClass.CimClassProperties
            .Where(p => (!options.LocalOnly || !p.IsPropagated) && (options.PropertyList is null || options.PropertyList.Contains(p.Name, StringComparer.OrdinalIgnoreCase)));
        IEnumerable<CimMethodDeclaration> methods = cimClass.CimClassMethods.Where(m => !options.LocalOnly || !m.IsPropagated);
        IEnumerable<CimQualifier> qualifiers = cimClass.CimClassQualifiers.Where(q => !options.LocalOnly || !q.IsPropagated);
        if (!options.IncludeQualifiers)
        {
            properties = properties.Select(p => p with { Qualifiers = CimNamedList<CimQualifier>.Empty });
            methods = methods.Select(WithoutQualifiers);
            qualifiers = [];
        }

        return new CimClass(cimClass.ClassName, cimClass.CimSuperClassName, properties, methods, qualifiers, cimClass.Namespace, cimClass.IsResolved);
    }

    private static CimMethodDeclaration WithoutQualifiers(CimMethodDeclaration method) => method with
    {
        Qualifiers = CimNamedList<CimQualifier>.Empty,
        Parameters = new(method.Parameters.Select(p => p with { Qualifiers = CimNamedList<CimQualifier>.Empty })),
    };
}
