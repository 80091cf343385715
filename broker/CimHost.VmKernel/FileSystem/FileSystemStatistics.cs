namespace CimHost.VmKernel.FileSystem;

/// <summary>What statvfs() tells of a file system (POSIX.1-2017 &lt;sys/statvfs.h&gt;).</summary>
/// <param name="Type">Type of the file system: "visorfs", "vmfs", "vfat", "procfs", "devfs".</param>
/// <param name="Device">Id of the file system.</param>
/// <param name="BlockSize">Bytes of a block.</param>
/// <param name="Blocks">Size in blocks.</param>
/// <param name="FreeBlocks">Blocks that can still be written.</param>
/// <param name="Inodes">Files that it can hold.</param>
/// <param name="FreeInodes">Files that can still be made.</param>
/// <param name="IsReadOnly">Whether it is mounted read-only.</param>
public readonly record struct FileSystemStatistics(
    string Type, ulong Device, int BlockSize, long Blocks, long FreeBlocks, long Inodes, long FreeInodes, bool IsReadOnly = false)
{
    /// <summary>Longest name of a file, in bytes of UTF-8.</summary>
    public static int NameMax => FileNames.NameMax;
}
