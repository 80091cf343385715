namespace CimHost.VmKernel.FileSystem.Generated;

/// <summary>The topmost directory of /proc: fixed entries, and the directories of the worlds from whoever knows them.</summary>
public sealed class ProcRoot : IProcDirectory
{
    // Keys of worlds come behind those of fixed entries.
    private const long WorldKeys = 1L << 32;

    private readonly ProcDirectory _fixed = new();
    private volatile IProcDirectory? _worlds;

    /// <summary>The worlds, by their id; null until the process table is there.</summary>
    public IProcDirectory? Worlds
    {
        get => _worlds;
        set => _worlds = value;
    }

    /// <summary>Adds a fixed entry.</summary>
    /// <exception cref="KernelException">EEXIST, EINVAL.</exception>
    public void Add(string name, ProcEntry entry) => _fixed.Add(name, entry);

    /// <summary>Removes a fixed entry; false when it is not there.</summary>
    public bool Remove(string name) => _fixed.Remove(name);

    /// <inheritdoc/>
    public ProcEntry? Find(string name) => _fixed.Find(name) ?? _worlds?.Find(name);

    /// <inheritdoc/>
    public IEnumerable<(long Key, string Name, ProcEntry Entry)> ListAfter(long key)
    {
        IEnumerable<(long Key, string Name, ProcEntry Entry)> entries = key < WorldKeys ? _fixed.ListAfter(key) : [];
        IEnumerable<(long Key, string Name, ProcEntry Entry)> worlds = _worlds?.ListAfter(Math.Max(-1, key - WorldKeys)) ?? [];
        return entries.Concat(worlds.Select(w => (w.Key + WorldKeys, w.Name, w.Entry)));
    }
}
