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
            ClassRules.Check(declaration, superClass, FindQualifier, IsSubclassOf);
            RequireReferences(declaration);
            if (Schema.Find(declaration.ClassName) is { } current)
            {
                CheckReplacement(current, instances);
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

        foreach (CimInstance declared in _batch.Instances)
        {
            CimInstance instance = Complete(declared);
            transaction.Execute(
                "INSERT OR REPLACE INTO instances VALUES ($1,$2,$3,$4)",
                Schema.Name, instance.ClassName, instance.Path!.KeyString, RecordWriter.Instance(instance));
        }
    }

    public void Show()
    {
        foreach (CimQualifierDeclaration qualifier in _qualifiers.Values)
        {
            Schema.Set(qualifier);
        }

        Schema.Set([.. _declared.Values.Select(c => new ClassEntry(c.ClassName, c.CimSuperClassName, IsAssociation(c)))]);
    }

    // The instance in the shape that its class will have, its references completed with the namespace as clients will name them.
    private CimInstance Complete(CimInstance declared)
    {
        CimClass cimClass = Resolve(declared.ClassName)!;
        var instance = new CimInstance(cimClass, Schema.Name);
        foreach (CimProperty property in declared.CimInstanceProperties)
        {
            CimValue value = property.CimValue;
            instance[property.Name] = value.AsReference() is { Namespace: null } reference ? reference.WithNamespace(Schema.Name) : value;
        }

        return instance;
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

            ancestor = SuperClassName(ancestor);
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
            if (!HasStagedAncestor(className))
            {
                return Schema.Find(className);
            }

            declaration = Schema.Declaration(className);
        }

        resolved = CimClassResolver.Resolve(declaration, SuperClass(declaration), Schema.Name);
        _resolved[className] = resolved;
        return resolved;
    }

    private string? SuperClassName(string className) =>
        _declared.TryGetValue(className, out CimClass? staged) ? staged.CimSuperClassName : Schema.Entry(className)?.SuperClassName;

    // A stored class below a staged one changes with it, though it is not in the batch itself.
    private bool HasStagedAncestor(string className)
    {
        for (string? name = Schema.Entry(className)?.SuperClassName; name is not null; name = Schema.Entry(name)?.SuperClassName)
        {
            if (_declared.ContainsKey(name))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsSubclassOf(string className, string ancestor)
    {
        for (string? name = className; name is not null; name = SuperClassName(name))
        {
            if (string.Equals(name, ancestor, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
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

    // A class that exists already takes its subclasses and instances along, however deep they are below it.
    private void CheckReplacement(CimClass current, InstanceStore instances)
    {
        CheckInstances(current, instances);
        foreach (string child in Schema.Subclasses(current.ClassName, deep: true))
        {
            if (_declared.ContainsKey(child))
            {
                continue;
            }

            try
            {
                CimClass declaration = Schema.Declaration(child);
                ClassRules.Check(declaration, SuperClass(declaration), FindQualifier, IsSubclassOf);
            }
            catch (CimException e)
            {
                throw new CimException(CimStatusCode.ClassHasChildren, $"Class {current.ClassName} cannot be changed so, for its subclass {child} would be wrong: {e.Message}", e);
            }

            if (Schema.Find(child) is { } stored)
            {
                CheckInstances(stored, instances);
            }
        }
    }

    private void CheckInstances(CimClass current, InstanceStore instances)
    {
        if (!instances.HasInstances(Schema.Name, current.ClassName))
        {
            return;
        }

        CimClass replacement = Resolve(current.ClassName)!;
        IEnumerable<string> Keys(CimClass c) => c.KeyIndexes.Select(i => c.CimClassProperties[i].Name).Order(StringComparer.OrdinalIgnoreCase);
        if (!Keys(current).SequenceEqual(Keys(replacement), StringComparer.OrdinalIgnoreCase))
        {
            throw new CimException(CimStatusCode.ClassHasInstances, $"The keys of {current.ClassName} cannot be changed while it has instances.");
        }

        if (replacement.IsAbstract || replacement.IsAssociation != current.IsAssociation)
        {
            throw new CimException(CimStatusCode.ClassHasInstances, $"Class {current.ClassName} cannot become {(replacement.IsAbstract ? "abstract" : "another kind of class")} while it has instances.");
        }

        foreach (CimPropertyDeclaration property in current.CimClassProperties)
        {
            if (replacement.CimClassProperties[property.Name] is { } changed && changed.CimType != property.CimType)
            {
                throw new CimException(CimStatusCode.ClassHasInstances, $"The type of {current.ClassName}.{property.Name} cannot be changed while the class has instances.");
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
