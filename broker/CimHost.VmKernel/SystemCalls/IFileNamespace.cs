using CimHost.VmKernel.FileSystem;

namespace CimHost.VmKernel.SystemCalls;

/// <summary>
/// The files that system calls work on. Everything that changes something is asynchronous, since a change may have to reach a disk
/// before it is acknowledged; what only looks is not. All throw <see cref="KernelException"/> with the error numbers of POSIX.1-2017.
/// </summary>
public interface IFileNamespace
{
    /// <summary>open(). The result holds one reference, which is the caller's.</summary>
    /// <param name="context">For whom and from where.</param>
    /// <param name="path">Path.</param>
    /// <param name="flags">Flags.</param>
    /// <param name="mode">Mode of a file that is made, before the mask.</param>
    ValueTask<OpenFile> OpenAsync(FileContext context, string path, OpenFlags flags, int mode);

    /// <summary>stat().</summary>
    Stat Stat(FileContext context, string path);

    /// <summary>lstat().</summary>
    Stat Lstat(FileContext context, string path);

    /// <summary>fstat() of a file that <see cref="OpenAsync"/> opened.</summary>
    Stat Fstat(OpenFile file);

    /// <summary>access().</summary>
    void Access(FileContext context, string path, AccessMode mode);

    /// <summary>The absolute path of a directory into which the caller may change (chdir()).</summary>
    string ResolveDirectory(FileContext context, string path);

    /// <summary>readlink().</summary>
    string ReadLink(FileContext context, string path);

    /// <summary>readdir() from a position (0: from the start) of a directory that <see cref="OpenAsync"/> opened; empty at the end.</summary>
    ValueTask<IReadOnlyList<Dirent>> ReadDirectoryAsync(OpenFile directory, long position, int count, CancellationToken cancellationToken);

    /// <summary>lseek() of a file that <see cref="OpenAsync"/> opened.</summary>
    ValueTask<long> SeekAsync(OpenFile file, long offset, SeekOrigin origin, CancellationToken cancellationToken);

    /// <summary>pread().</summary>
    ValueTask<int> ReadAtAsync(OpenFile file, Memory<byte> buffer, long offset, CancellationToken cancellationToken);

    /// <summary>pwrite().</summary>
    ValueTask<int> WriteAtAsync(OpenFile file, ReadOnlyMemory<byte> buffer, long offset, CancellationToken cancellationToken);

    /// <summary>ftruncate().</summary>
    ValueTask TruncateAsync(OpenFile file, long length);

    /// <summary>fsync().</summary>
    ValueTask SyncAsync(OpenFile file);

    /// <summary>mkdir().</summary>
    ValueTask MakeDirectoryAsync(FileContext context, string path, int mode);

    /// <summary>rmdir().</summary>
    ValueTask RemoveDirectoryAsync(FileContext context, string path);

    /// <summary>unlink().</summary>
    ValueTask UnlinkAsync(FileContext context, string path);

    /// <summary>link().</summary>
    ValueTask LinkAsync(FileContext context, string existing, string path);

    /// <summary>symlink().</summary>
    ValueTask SymlinkAsync(FileContext context, string target, string path);

    /// <summary>rename().</summary>
    ValueTask RenameAsync(FileContext context, string oldPath, string newPath);

    /// <summary>chmod().</summary>
    ValueTask ChangeModeAsync(FileContext context, string path, int mode);

    /// <summary>chown(), or lchown() without following; -1 leaves an id as it is.</summary>
    ValueTask ChangeOwnerAsync(FileContext context, string path, int user, int group, bool follow);

    /// <summary>utimensat().</summary>
    ValueTask SetTimesAsync(FileContext context, string path, FileTime access, FileTime modification, bool follow);

    /// <summary>truncate().</summary>
    ValueTask TruncateAsync(FileContext context, string path, long length);
}
