using CimHost.ObjectManager.Schema;
using CimHost.Sdk.Cim;

namespace CimHost.ObjectManager.Repository;

/// <summary>A namespace as it will be when a batch is applied: checked first, then written, then shown.</summary>
internal sealed class StagedNamespace
{
    private readonly SchemaBatch _batch;
    private readonly Dictionary<string, CimClass> _declared = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, CimClass> _resolved = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, CimQualifierDeclaration> _qualifiers = new(StringComparer.OrdinalIgnoreCase);

    public StagedNamespace(NamespaceSchema schema, SchemaBatch batch)
    {
        Schema = schema;
        _batch = batch;
        foreach (CimQualifierDeclaration qualifier in batch.Qualifiers)
        {
            _qualifiers[qualifier.Name] = qualifier;
        }

        foreach (CimClass cimClass in batch.Classes)
        {
            _declared[cimClass.ClassName] = WithDeclaredFlavors(cimClass);
        }
    }

    public NamespaceSchema Schema { get; }

    /// <summary>Checks every class of the batch, the existing subclasses of replaced classes, and the instances.</summary>
    public void Check(InstanceStore instances)
    {
        foreach (CimClass declaration in _declared.Values)
        {
            CimClass? superClass = SuperClass(declaration);
            ClassRules.Check(declaration, superClass, FindQualifier);
            RequireReferences(declaration);
            if (Schema.Find(declaration.ClassName) is { } current)
            {
                CheckReplacement(current, Resolve(declaration.ClassName)!, instances);
            }
        }

        foreach (CimInstance instance in _batch.Instances)
        {
            if (Resolve(instance.ClassName) is not { } cimClass)
            {
                throw CimException.InvalidClass(Schema.Name, instance.ClassName);
            }

            if (cimClass.IsAbstract)
            {
                throw CimException.InvalidParameter($"Class {cimClass.ClassName} is abstract and has no instances of its own.");
            }

            if (instance.Path is null)
            {
                throw CimException.InvalidParameter($"An instance of {cimClass.ClassName} has a key without a value, or its class has no keys.");
            }
        }
    }

    public void Write(RepositoryDatabase.Transaction transaction)
    {
        transaction.Execute("INSERT OR IGNORE INTO namespaces VALUES ($1)", Schema.Name);
        foreach (CimQualifierDeclaration qualifier in _qualifiers.Values)
        {
            transaction.Execute("INSERT OR REPLACE INTO qualifiers VALUES ($1,$2,$3)", Schema.Name, qualifier.Name, RecordWriter.Qualifier(qualifier));
        }

        foreach (CimClass cimClass in _declared.Values)
        {
            transaction.Execute(
                "INSERT OR REPLACE INTO classes VALUES ($1,$2,$3,$4,$5)",
                Schema.Name, cimClass.ClassName, cimClass.CimSuperClassName, IsAssociation(cimClass), RecordWriter.Class(cimClass));
        }

        foreach (CimInstance instance in _batch.Instances)
        {
            CimClass cimClass = Resolve(instance.ClassName)!;
            transaction.Execute(
                "INSERT OR REPLACE INTO instances VALUES ($1,$2,$3,$4)",
                Schema.Name, cimClass.ClassName, instance.Path!.Normalize(cimClass, Schema.Name).KeyString, RecordWriter.Instance(instance));
        }
    }

    public void Show()
    {
        foreach (CimQualifierDeclaration qualifier in _qualifiers.Values)
        {
            Schema.Set(qualifier);
        }

        foreach (CimClass cimClass in _declared.Values)
        {
            Schema.Set(new ClassEntry(cimClass.ClassName, cimClass.CimSuperClassName, IsAssociation(cimClass)));
        }
    }

    private bool IsAssociation(CimClass cimClass) => Resolve(cimClass.ClassName)!.IsAssociation;

    private CimQualifierDeclaration? FindQualifier(string name) => _qualifiers.GetValueOrDefault(name) ?? Schema.Qualifier(name);

    private CimClass? SuperClass(CimClass declaration)
    {
        if (declaration.CimSuperClassName is not { } name)
        {
            return null;
        }

        // A chain of superclasses that comes back to its start never ends.
        string? ancestor = name;
        for (int depth = 0; ancestor is not null; depth++)
        {
            if (depth > 100 || string.Equals(ancestor, declaration.ClassName, StringComparison.OrdinalIgnoreCase))
            {
                throw new CimException(CimStatusCode.InvalidSuperclass, $"Class {declaration.ClassName} would be its own ancestor.");
            }

            ancestor = _declared.TryGetValue(ancestor, out CimClass? staged) ? staged.CimSuperClassName : Schema.Entry(ancestor)?.SuperClassName;
        }

        return Resolve(name) ?? throw new CimException(CimStatusCode.InvalidSuperclass, $"The superclass {name} of {declaration.ClassName} does not exist in namespace {Schema.Name}.");
    }

    private CimClass? Resolve(string className)
    {
        if (_resolved.TryGetValue(className, out CimClass? resolved))
        {
            return resolved;
        }

        if (!_declared.TryGetValue(className, out CimClass? declaration))
        {
            return Schema.Find(className);
        }

        resolved = CimClassResolver.Resolve(declaration, SuperClass(declaration), Schema.Name);
        _resolved[className] = resolved;
        return resolved;
    }

    private void RequireReferences(CimClass declaration)
    {
        foreach (CimPropertyDeclaration property in declaration.CimClassProperties)
        {
            if (property.ReferenceClassName is { } name && !_declared.ContainsKey(name) && Schema.Entry(name) is null)
            {
                throw CimException.InvalidParameter($"Reference {declaration.ClassName}.{property.Name} is to class {name}, which does not exist in namespace {Schema.Name}.");
            }
        }
    }

    private void CheckReplacement(CimClass current, CimClass replacement, InstanceStore instances)
    {
        IEnumerable<string> Keys(CimClass c) => c.KeyIndexes.Select(i => c.CimClassProperties[i].Name).Order(StringComparer.OrdinalIgnoreCase);
        if (instances.HasInstances(Schema.Name, current.ClassName) && !Keys(current).SequenceEqual(Keys(replacement), StringComparer.OrdinalIgnoreCase))
        {
            throw new CimException(CimStatusCode.ClassHasInstances, $"The keys of {current.ClassName} cannot be changed while it has instances.");
        }

        foreach (string child in Schema.Subclasses(current.ClassName, deep: false))
        {
            if (_declared.ContainsKey(child))
            {
                continue;
            }

            try
            {
                ClassRules.Check(Schema.Declaration(child), replacement, FindQualifier);
            }
            catch (CimException e)
            {
                throw new CimException(CimStatusCode.ClassHasChildren, $"Class {current.ClassName} cannot be changed so, for its subclass {child} would be wrong: {e.Message}", e);
            }
        }
    }

    // A qualifier travels as its declaration says, unless the class said otherwise (DSP0004 §5.6.4); a client's class carries flavours of
    // its own, so only classes whose qualifiers have the default are completed.
    private CimClass WithDeclaredFlavors(CimClass cimClass)
    {
        CimNamedList<CimQualifier> Complete(CimNamedList<CimQualifier> qualifiers) => qualifiers.Count == 0
            ? qualifiers
            : new(qualifiers.Where(q => !q.IsPropagated).Select(q => q.Flavors == CimQualifierFlavors.Default && FindQualifier(q.Name) is { } d && d.Flavors != q.Flavors ? q with { Flavors = d.Flavors } : q));

        return new CimClass(
            cimClass.ClassName,
            cimClass.CimSuperClassName,
            cimClass.CimClassProperties.Where(p => !p.IsPropagated).Select(p => p with { Qualifiers = Complete(p.Qualifiers), ClassOrigin = string.Empty }),
            cimClass.CimClassMethods.Where(m => !m.IsPropagated).Select(m => m with
            {
                Qualifiers = Complete(m.Qualifiers),
                Parameters = new(m.Parameters.Select(p => p with { Qualifiers = Complete(p.Qualifiers) })),
                ClassOrigin = string.Empty,
            }),
            Complete(cimClass.CimClassQualifiers),
            Schema.Name);
    }
}
