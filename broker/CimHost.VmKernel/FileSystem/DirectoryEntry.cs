namespace CimHost.VmKernel.FileSystem;

/// <summary>One entry that readdir() returns (POSIX.1-2017 &lt;dirent.h&gt;).</summary>
/// <param name="Name">Name of the file in the directory; "." and ".." are entries too.</param>
/// <param name="Inode">Number of the file.</param>
/// <param name="Type">Type of the file.</param>
/// <param name="Position">Where reading goes on after this entry: what telldir() returns.</param>
public readonly record struct DirectoryEntry(string Name, ulong Inode, FileType Type, long Position);
