namespace CimHost.VmKernel.FileSystem.Generated;

/// <summary>A directory whose entries are found when they are asked for: one per world, for example.</summary>
public interface IProcDirectory
{
    /// <summary>Finds an entry; null when it is not there (any more).</summary>
    ProcEntry? Find(string name);

    /// <summary>Lists entries with a key that is larger than one that was listed, in the order of their keys.</summary>
    /// <param name="key">The last key that was listed; −1 at the start.</param>
    /// <returns>Key (0 and more, for example the world id), name and entry. Only as many are taken as are needed.</returns>
    IEnumerable<(long Key, string Name, ProcEntry Entry)> ListAfter(long key);
}
