namespace CimHost.VmKernel.FileSystem.Generated;

/// <summary>A directory of /proc to which entries are added and from which they are removed at run time.</summary>
public sealed class ProcDirectory : IProcDirectory
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _keys = new(StringComparer.Ordinal);
    private readonly SortedList<long, (string Name, ProcEntry Entry)> _entries = [];
    private long _lastKey = -1;

    /// <summary>Adds an entry.</summary>
    /// <exception cref="KernelException">EEXIST; EINVAL for a name that no file can have.</exception>
    public void Add(string name, ProcEntry entry)
    {
        FileNames.DemandName(name);
        if (name is "" or "." or ".." || name.Contains('/', StringComparison.Ordinal))
        {
            throw FileErrors.Of(Errno.EINVAL, name);
        }

        lock (_lock)
        {
            if (!_keys.TryAdd(name, _lastKey + 1))
            {
                throw FileErrors.Of(Errno.EEXIST, name);
            }

            _entries.Add(++_lastKey, (name, entry));
        }
    }

    /// <summary>Removes an entry; false when it is not there. What is open stays readable.</summary>
    public bool Remove(string name)
    {
        lock (_lock)
        {
            return _keys.Remove(name, out long key) && _entries.Remove(key);
        }
    }

    /// <inheritdoc/>
    public ProcEntry? Find(string name)
    {
        lock (_lock)
        {
            return _keys.TryGetValue(name, out long key) ? _entries[key].Entry : null;
        }
    }

    /// <inheritdoc/>
    public IEnumerable<(long Key, string Name, ProcEntry Entry)> ListAfter(long key)
    {
        lock (_lock)
        {
            return [.. _entries.Where(e => e.Key > key).Select(e => (e.Key, e.Value.Name, e.Value.Entry))];
        }
    }
}
