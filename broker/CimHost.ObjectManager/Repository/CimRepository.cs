using CimHost.ObjectManager.Schema;
using CimHost.Sdk.Cim;

namespace CimHost.ObjectManager.Repository;

/// <summary>
/// Schema and static instances, durable. A change is checked as a whole, then written as one transaction, then shown to readers; changes
/// come one after the other, reads never wait for them.
/// </summary>
public sealed class CimRepository : IDisposable
{
    private readonly RepositoryDatabase _database;
    private readonly SemaphoreSlim _writing = new(1);

    private CimRepository(RepositoryDatabase database)
    {
        _database = database;
        Instances = new InstanceStore(database, Schema, _writing);
    }

    /// <summary>Namespaces, classes, qualifier declarations.</summary>
    public CimSchema Schema { get; } = new();

    /// <summary>Static instances.</summary>
    public InstanceStore Instances { get; }

    /// <summary>Opens the repository in a file, or makes it.</summary>
    /// <exception cref="InvalidDataException">The file is no repository of this host or is damaged; it is left as it is.</exception>
    public static CimRepository Open(string path)
    {
        RepositoryDatabase database = RepositoryDatabase.Open(path);
        try
        {
            var repository = new CimRepository(database);
            repository.LoadNames();
            return repository;
        }
        catch (CimException e)
        {
            database.Dispose();
            throw new InvalidDataException($"The repository {path} is damaged: {e.Message} Move it away to start with an empty one.", e);
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>Hash of the MOF that was last applied for a package, or null.</summary>
    public string? AppliedMofHash(string package) =>
        _database.Read("SELECT hash FROM compiled_mof WHERE package=$1", r => r.GetString(0), package).FirstOrDefault();

    /// <summary>Creates a namespace.</summary>
    /// <exception cref="CimException">CIM_ERR_ALREADY_EXISTS, CIM_ERR_INVALID_PARAMETER.</exception>
    public ValueTask CreateNamespaceAsync(string namespaceName, CancellationToken cancellationToken)
    {
        string name = CimSchema.NormalizeNamespace(namespaceName);
        RequireNamespaceName(name);
        return ChangeAsync(() =>
        {
            if (Schema.Exists(name))
            {
                throw new CimException(CimStatusCode.AlreadyExists, $"Namespace {name} exists already.");
            }

            _database.Write(t => t.Execute("INSERT INTO namespaces VALUES ($1)", name));
            Schema.Add(new NamespaceSchema(name, LoadClass));
        }, cancellationToken);
    }

    /// <summary>Deletes a namespace that has no classes and no instances; qualifier declarations go with it.</summary>
    /// <exception cref="CimException">CIM_ERR_INVALID_NAMESPACE, CIM_ERR_NAMESPACE_NOT_EMPTY, CIM_ERR_NOT_SUPPORTED.</exception>
    public ValueTask DeleteNamespaceAsync(string namespaceName, CancellationToken cancellationToken) => ChangeAsync(() =>
    {
        NamespaceSchema schema = Schema.Namespace(namespaceName);
        if (schema.Name == CimSchema.Interop)
        {
            throw CimException.NotSupported($"Namespace {schema.Name} describes the object manager itself and cannot be deleted.");
        }

        if (schema.ClassCount > 0)
        {
            throw new CimException(CimStatusCode.NamespaceNotEmpty, $"Namespace {schema.Name} has {schema.ClassCount} classes; delete them first.");
        }

        _database.Write(t =>
        {
            t.Execute("DELETE FROM qualifiers WHERE namespace=$1", schema.Name);
            t.Execute("DELETE FROM namespaces WHERE name=$1", schema.Name);
        });
        Schema.Remove(schema.Name);
    }, cancellationToken);

    /// <summary>Creates a class.</summary>
    public ValueTask CreateClassAsync(string namespaceName, CimClass newClass, CancellationToken cancellationToken) => ChangeAsync(() =>
    {
        if (Schema.FindClass(namespaceName, newClass.ClassName) is not null)
        {
            throw new CimException(CimStatusCode.AlreadyExists, $"Class {newClass.ClassName} exists already in namespace {namespaceName}.");
        }

        Apply([new SchemaBatch(namespaceName, [], [newClass], [])], null, null);
    }, cancellationToken);

    /// <summary>Changes a class; its superclass stays, its subclasses and instances must still fit.</summary>
    public ValueTask ModifyClassAsync(string namespaceName, CimClass modifiedClass, CancellationToken cancellationToken) => ChangeAsync(() =>
    {
        CimClass current = Schema.GetClass(namespaceName, modifiedClass.ClassName);
        if (!string.Equals(current.CimSuperClassName, modifiedClass.CimSuperClassName, StringComparison.OrdinalIgnoreCase))
        {
            throw new CimException(CimStatusCode.InvalidSuperclass, $"The superclass of {current.ClassName} is {current.CimSuperClassName ?? "none"} and cannot be changed.");
        }

        RequireNoLoss(namespaceName, current, modifiedClass);
        Apply([new SchemaBatch(namespaceName, [], [modifiedClass], [])], null, null);
    }, cancellationToken);

    /// <summary>Deletes a class without subclasses and instances.</summary>
    public ValueTask DeleteClassAsync(string namespaceName, string className, CancellationToken cancellationToken) => ChangeAsync(() =>
    {
        NamespaceSchema schema = Schema.Namespace(namespaceName);
        string name = schema.Entry(className)?.Name ?? throw CimException.InvalidClass(schema.Name, className);
        if (schema.Subclasses(name, deep: false) is [{ } child, ..])
        {
            throw new CimException(CimStatusCode.ClassHasChildren, $"Class {name} has the subclass {child}; delete its subclasses first.");
        }

        if (Instances.HasInstances(schema.Name, name))
        {
            throw new CimException(CimStatusCode.ClassHasInstances, $"Class {name} has instances; delete them first.");
        }

        _database.Write(t => t.Execute("DELETE FROM classes WHERE namespace=$1 AND name=$2", schema.Name, name));
        schema.Remove(name);
        Instances.Forget(schema.Name);
    }, cancellationToken);

    /// <summary>Creates or replaces a qualifier declaration.</summary>
    public ValueTask SetQualifierAsync(string namespaceName, CimQualifierDeclaration declaration, CancellationToken cancellationToken) =>
        ChangeAsync(() => Apply([new SchemaBatch(namespaceName, [declaration], [], [])], null, null), cancellationToken);

    /// <summary>Deletes a qualifier declaration.</summary>
    public ValueTask DeleteQualifierAsync(string namespaceName, string qualifierName, CancellationToken cancellationToken) => ChangeAsync(() =>
    {
        NamespaceSchema schema = Schema.Namespace(namespaceName);
        string name = schema.Qualifier(qualifierName)?.Name
            ?? throw new CimException(CimStatusCode.NotFound, $"There is no qualifier declaration {qualifierName} in namespace {schema.Name}.");
        _database.Write(t => t.Execute("DELETE FROM qualifiers WHERE namespace=$1 AND name=$2", schema.Name, name));
        schema.RemoveQualifier(name);
    }, cancellationToken);

    /// <summary>
    /// Takes over the result of a compilation, all of it or nothing. Classes that exist already are replaced where their subclasses and
    /// instances still fit. With a package name, the hash is remembered beside it (<see cref="AppliedMofHash"/>).
    /// </summary>
    /// <exception cref="CimException">A rule of DSP0004 is broken; the message names the class and the rule.</exception>
    public ValueTask ApplyAsync(IReadOnlyList<SchemaBatch> batches, string? package, string? hash, CancellationToken cancellationToken) =>
        ChangeAsync(() => Apply(batches, package, hash), cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
        _writing.Dispose();
        _database.Dispose();
    }

    private async ValueTask ChangeAsync(Action change, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            // SQLite waits for the disk; that is not a pool thread's caller's time to spend inline.
            await Task.Run(change, CancellationToken.None);
        }
        finally
        {
            _writing.Release();
        }
    }

    // A property that goes takes its values along, those of the instances of subclasses too.
    private void RequireNoLoss(string namespaceName, CimClass current, CimClass modified)
    {
        CimPropertyDeclaration? lost = current.CimClassProperties.FirstOrDefault(p => !p.IsPropagated && !modified.CimClassProperties.Contains(p.Name));
        if (lost is not null && Schema.SubclassNames(namespaceName, current.ClassName, deep: true).Prepend(current.ClassName).FirstOrDefault(n => Instances.HasInstances(namespaceName, n)) is { } owner)
        {
            throw new CimException(CimStatusCode.ClassHasInstances, $"Property {current.ClassName}.{lost.Name} cannot be taken away while class {owner} has instances.");
        }
    }

    private void Apply(IReadOnlyList<SchemaBatch> batches, string? package, string? hash)
    {
        List<StagedNamespace> staged = [.. batches.Select(b => new StagedNamespace(Stage(b.Namespace), b))];
        foreach (StagedNamespace stage in staged)
        {
            stage.Check(Instances);
        }

        _database.Write(t =>
        {
            foreach (StagedNamespace stage in staged)
            {
                stage.Write(t);
            }

            if (package is not null)
            {
                t.Execute("INSERT OR REPLACE INTO compiled_mof VALUES ($1,$2)", package, hash ?? string.Empty);
            }
        });
        foreach (StagedNamespace stage in staged)
        {
            Schema.Add(stage.Schema);
            stage.Show();
            Instances.Forget(stage.Schema.Name);
            Instances.Recount(stage.Schema.Name);
        }
    }

    private NamespaceSchema Stage(string namespaceName)
    {
        string name = CimSchema.NormalizeNamespace(namespaceName);
        if (Schema.Exists(name))
        {
            return Schema.Namespace(name);
        }

        RequireNamespaceName(name);
        return new NamespaceSchema(name, LoadClass);
    }

    private static void RequireNamespaceName(string name)
    {
        if (name.Length is 0 or > 256 || name.Split('/').Any(part => part.Length == 0 || part.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-' or '.'))))
        {
            throw CimException.InvalidParameter($"'{name}' is no namespace name: parts of letters, digits, '_', '-' and '.', separated by slashes.");
        }
    }

    private CimClass? LoadClass(string namespaceName, string className)
    {
        try
        {
            return _database.Read("SELECT record FROM classes WHERE namespace=$1 AND name=$2", r => r.GetFieldValue<byte[]>(0), namespaceName, className) is [{ } record, ..]
                ? RecordReader.Class(record, namespaceName)
                : null;
        }
        catch (InvalidDataException e)
        {
            throw CimException.Failed($"Class {className} of namespace {namespaceName} cannot be read from the repository: {e.Message}", e);
        }
    }

    private void LoadNames()
    {
        foreach (string name in _database.Read("SELECT name FROM namespaces", r => r.GetString(0)))
        {
            Schema.Add(new NamespaceSchema(name, LoadClass));
        }

        foreach ((string ns, byte[] record) in _database.Read("SELECT namespace, record FROM qualifiers", r => (r.GetString(0), r.GetFieldValue<byte[]>(1))))
        {
            Schema.Namespace(ns).Set(RecordReader.Qualifier(record));
        }

        foreach (IGrouping<string, (string Namespace, ClassEntry Entry)> classes in _database.Read(
            "SELECT namespace, name, superclass, association FROM classes",
            r => (Namespace: r.GetString(0), Entry: new ClassEntry(r.GetString(1), r.IsDBNull(2) ? null : r.GetString(2), r.GetBoolean(3)))).GroupBy(c => c.Namespace, StringComparer.OrdinalIgnoreCase))
        {
            Schema.Namespace(classes.Key).Set([.. classes.Select(c => c.Entry)]);
        }

        foreach (string ns in Schema.Namespaces)
        {
            Instances.Recount(ns);
        }
    }
}
