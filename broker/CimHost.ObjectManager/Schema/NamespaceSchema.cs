using System.Collections.Concurrent;
using CimHost.Sdk.Cim;

namespace CimHost.ObjectManager.Schema;

/// <summary>
/// The classes and qualifier declarations of one namespace. Only names, superclasses and kinds are held all the time; declarations come
/// from the store when they are needed, and resolved classes are kept for a while. Read from many threads, changed under the
/// repository's write lock by replacing entries.
/// </summary>
internal sealed class NamespaceSchema
{
    // Resolved classes that are kept; a whole DMTF schema of 1,631 would take tens of megabytes.
    private const int MaxResolved = 400;

    private readonly ConcurrentDictionary<string, ClassEntry> _classes = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, CimClass> _resolved = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, CimQualifierDeclaration> _qualifiers = new(StringComparer.OrdinalIgnoreCase);
    private readonly Func<string, string, CimClass?> _load;
    private readonly Lock _lock = new();
    private long _generation;
    private volatile Dictionary<string, List<string>>? _children;

    /// <summary>Creates an empty namespace; <paramref name="load"/> reads a declaration (namespace, class) from the store, null when it is gone.</summary>
    public NamespaceSchema(string name, Func<string, string, CimClass?> load)
    {
        Name = name;
        _load = load;
    }

    /// <summary>Name with slashes.</summary>
    public string Name { get; }

    public int ClassCount => _classes.Count;

    public IEnumerable<string> ClassNames => _classes.Values.Select(e => e.Name);

    public IEnumerable<string> AssociationNames => _classes.Values.Where(e => e.IsAssociation).Select(e => e.Name);

    public IEnumerable<CimQualifierDeclaration> Qualifiers => _qualifiers.Values.OrderBy(q => q.Name, StringComparer.OrdinalIgnoreCase);

    public ClassEntry? Entry(string className) => _classes.GetValueOrDefault(className);

    public CimQualifierDeclaration? Qualifier(string name) => _qualifiers.GetValueOrDefault(name);

    /// <summary>The class with everything inherited, or null.</summary>
    public CimClass? Find(string className)
    {
        if (_resolved.TryGetValue(className, out CimClass? found))
        {
            return found;
        }

        while (_classes.TryGetValue(className, out ClassEntry? entry))
        {
            long generation = Interlocked.Read(ref _generation);
            CimClass? superClass = entry.SuperClassName is null ? null : Find(entry.SuperClassName);
            if (_load(Name, entry.Name) is not { } declaration)
            {
                // Deleted on disk a moment ago, and about to leave the table.
                return null;
            }

            CimClass resolved = CimClassResolver.Resolve(declaration, superClass, Name);
            lock (_lock)
            {
                // What was read while the schema changed may be the old declaration; it must not stay.
                if (generation == _generation)
                {
                    if (_resolved.Count >= MaxResolved)
                    {
                        _resolved.Clear();
                    }

                    return _resolved.GetOrAdd(entry.Name, resolved);
                }
            }
        }

        return null;
    }

    /// <summary>A class as declared, without what it inherits.</summary>
    public CimClass Declaration(string className) => _load(Name, className) ?? throw CimException.InvalidClass(Name, className);

    /// <summary>Names of the subclasses, depth first in name order; the whole tree below the root when no class is given.</summary>
    public IReadOnlyList<string> Subclasses(string? className, bool deep)
    {
        var names = new List<string>();
        Collect(Children(), className ?? string.Empty, deep, names);
        return names;
    }

    /// <summary>True when the class is the ancestor or below it.</summary>
    public bool IsSubclassOf(string className, string ancestor)
    {
        for (string? name = className; name is not null; name = Entry(name)?.SuperClassName)
        {
            if (string.Equals(name, ancestor, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Takes classes into the table, or replaces them.</summary>
    public void Set(IReadOnlyList<ClassEntry> entries) => Change(() =>
    {
        foreach (ClassEntry entry in entries)
        {
            _classes[entry.Name] = entry;
        }
    });

    public void Remove(string className) => Change(() => _classes.TryRemove(className, out _));

    public void Set(CimQualifierDeclaration declaration) => _qualifiers[declaration.Name] = declaration;

    public void RemoveQualifier(string name) => _qualifiers.TryRemove(name, out _);

    private void Change(Action change)
    {
        lock (_lock)
        {
            change();
            _generation++;
            _children = null;
            _resolved.Clear();
        }
    }

    private static void Collect(Dictionary<string, List<string>> children, string parent, bool deep, List<string> names)
    {
        if (!children.TryGetValue(parent, out List<string>? own))
        {
            return;
        }

        foreach (string name in own)
        {
            names.Add(name);
            if (deep)
            {
                Collect(children, name, deep, names);
            }
        }
    }

    private Dictionary<string, List<string>> Children()
    {
        if (_children is { } known)
        {
            return known;
        }

        // Under the lock, so that a table of names made before a change does not take the place of the one after it.
        lock (_lock)
        {
            return _children ??= MakeChildren();
        }
    }

    private Dictionary<string, List<string>> MakeChildren()
    {
        var children = new Dictionary<string, List<string>>(StringComparer.OrdinalIgnoreCase);
        foreach (ClassEntry entry in _classes.Values.OrderBy(e => e.Name, StringComparer.OrdinalIgnoreCase))
        {
            string parent = entry.SuperClassName ?? string.Empty;
            if (!children.TryGetValue(parent, out List<string>? own))
            {
                children[parent] = own = [];
            }

            own.Add(entry.Name);
        }

        return children;
    }
}
