using CimHost.Sdk.Cim;

namespace CimHost.ObjectManager.Repository;

/// <summary>The static instances of one class in memory.</summary>
internal sealed class ClassExtent
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, CimInstance> _sorted = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CimInstance> _instances = new(StringComparer.Ordinal);
    private CimInstance[]? _snapshot;

    /// <summary>When it was last asked, on the store's own count.</summary>
    public long LastUse { get; set; }

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _instances.Count;
            }
        }
    }

    public CimInstance? Find(string keyString)
    {
        lock (_lock)
        {
            return _instances.GetValueOrDefault(keyString);
        }
    }

    public void Set(string keyString, CimInstance instance)
    {
        lock (_lock)
        {
            _sorted[keyString] = instance;
            _instances[keyString] = instance;
            _snapshot = null;
        }
    }

    public void Remove(string keyString)
    {
        lock (_lock)
        {
            _sorted.Remove(keyString);
            _instances.Remove(keyString);
            _snapshot = null;
        }
    }

    /// <summary>The instances in key order as they are now.</summary>
    public CimInstance[] Snapshot()
    {
        lock (_lock)
        {
            return _snapshot ??= [.. _sorted.Values];
        }
    }
}
