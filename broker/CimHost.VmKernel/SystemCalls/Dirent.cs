namespace CimHost.VmKernel.SystemCalls;

/// <summary>One entry of a directory (POSIX.1-2017 struct dirent).</summary>
/// <param name="Name">Name.</param>
/// <param name="Inode">Number of the file.</param>
/// <param name="Type">Type: S_IFMT bits as in <see cref="Stat.Mode"/>.</param>
/// <param name="Position">Where reading goes on after this entry.</param>
public readonly record struct Dirent(string Name, ulong Inode, int Type, long Position);
