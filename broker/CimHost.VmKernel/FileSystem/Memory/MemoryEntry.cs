namespace CimHost.VmKernel.FileSystem.Memory;

/// <summary>A name in a directory. The file can be replaced (rename over it) while the name and its position stay.</summary>
internal sealed class MemoryEntry(string name, MemoryInode inode, long position)
{
    private volatile MemoryInode? _inode = inode;

    public string Name => name;

    /// <summary>Grows with each entry of the directory: where readdir() goes on.</summary>
    public long Position => position;

    /// <summary>The file; null when the name was removed.</summary>
    public MemoryInode? Inode
    {
        get => _inode;
        set => _inode = value;
    }
}
