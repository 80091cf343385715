using CimHost.VmKernel.FileSystem;

namespace CimHost.VmKernel.SystemCalls;

/// <summary>
/// The tree of mounts as the system calls see it. A working directory is a path here: a world whose directory is renamed by another finds
/// ENOENT for relative paths, where POSIX lets it go on.
/// </summary>
public sealed class VfsNamespace(Vfs vfs) : IFileNamespace
{
    private const string Self = "/proc/self";
    private const int CharacterDevice = 0x2000; // S_IFCHR

    /// <inheritdoc/>
    public ValueTask<OpenFile> OpenAsync(FileContext context, string path, OpenFlags flags, int mode) => vfs.OpenAsync(Caller(context), Full(context, path), flags, mode);

    /// <inheritdoc/>
    public Stat Stat(FileContext context, string path) => Of(vfs.Stat(Caller(context), Full(context, path)));

    /// <inheritdoc/>
    public Stat Lstat(FileContext context, string path) => Of(vfs.LinkStat(Caller(context), Full(context, path)));

    /// <inheritdoc/>
    public Stat Fstat(OpenFile file) => file is VfsFile opened ? Of(opened.Status) : new Stat(0, 0, CharacterDevice | 0x1B6, 1, 0, 0, 0, 0, 0, 0, 0, 0);

    /// <inheritdoc/>
    public void Access(FileContext context, string path, AccessMode mode) => vfs.DemandAccess(Caller(context), Full(context, path), (AccessRights)mode);

    /// <inheritdoc/>
    public string ResolveDirectory(FileContext context, string path)
    {
        VfsFile directory = vfs.OpenWorkingDirectory(Caller(context), Full(context, path));
        try
        {
            return Vfs.GetPath(directory);
        }
        finally
        {
            directory.Release();
        }
    }

    /// <inheritdoc/>
    public string ReadLink(FileContext context, string path) => vfs.ReadLink(Caller(context), Full(context, path));

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Dirent>> ReadDirectoryAsync(OpenFile directory, long position, int count, CancellationToken cancellationToken)
    {
        VfsFile opened = Directory(directory);
        await opened.SeekAsync(position, SeekOrigin.Begin, cancellationToken);
        var entries = new DirectoryEntry[count];
        int read = await opened.ReadDirectoryAsync(entries, cancellationToken);
        return [.. entries.Take(read).Select(e => new Dirent(e.Name, e.Inode, (int)e.Type, e.Position))];
    }

    /// <inheritdoc/>
    public ValueTask<long> SeekAsync(OpenFile file, long offset, SeekOrigin origin, CancellationToken cancellationToken) =>
        file is VfsFile opened ? opened.SeekAsync(offset, origin, cancellationToken) : throw new KernelException(Errno.ESPIPE, "A device has no offset.");

    /// <inheritdoc/>
    public ValueTask<int> ReadAtAsync(OpenFile file, Memory<byte> buffer, long offset, CancellationToken cancellationToken) =>
        file is VfsFile opened ? opened.ReadAtAsync(buffer, offset, cancellationToken) : file.ReadAsync(buffer, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<int> WriteAtAsync(OpenFile file, ReadOnlyMemory<byte> buffer, long offset, CancellationToken cancellationToken) =>
        file is VfsFile opened ? opened.WriteAtAsync(buffer, offset, cancellationToken) : file.WriteAsync(buffer, cancellationToken);

    /// <inheritdoc/>
    public ValueTask TruncateAsync(OpenFile file, long length) =>
        file is VfsFile opened ? opened.TruncateAsync(length) : throw new KernelException(Errno.EINVAL, "A device has no length.");

    /// <inheritdoc/>
    public ValueTask SyncAsync(OpenFile file) => file is VfsFile opened ? opened.SyncAsync() : throw new KernelException(Errno.EINVAL, "A device is kept nowhere.");

    /// <inheritdoc/>
    public ValueTask MakeDirectoryAsync(FileContext context, string path, int mode) => vfs.MakeDirectoryAsync(Caller(context), Full(context, path), mode);

    /// <inheritdoc/>
    public ValueTask RemoveDirectoryAsync(FileContext context, string path) => vfs.RemoveDirectoryAsync(Caller(context), Full(context, path));

    /// <inheritdoc/>
    public ValueTask UnlinkAsync(FileContext context, string path) => vfs.UnlinkAsync(Caller(context), Full(context, path));

    /// <inheritdoc/>
    public ValueTask LinkAsync(FileContext context, string existing, string path) => vfs.LinkAsync(Caller(context), Full(context, existing), Full(context, path));

    /// <inheritdoc/>
    public ValueTask SymlinkAsync(FileContext context, string target, string path) => vfs.SymbolicLinkAsync(Caller(context), target, Full(context, path));

    /// <inheritdoc/>
    public ValueTask RenameAsync(FileContext context, string oldPath, string newPath) => vfs.RenameAsync(Caller(context), Full(context, oldPath), Full(context, newPath));

    /// <inheritdoc/>
    public ValueTask ChangeModeAsync(FileContext context, string path, int mode) => vfs.ChangeModeAsync(Caller(context), Full(context, path), mode);

    /// <inheritdoc/>
    public ValueTask ChangeOwnerAsync(FileContext context, string path, int user, int group, bool follow) =>
        vfs.ChangeOwnerAsync(Caller(context), Full(context, path), user, group, follow);

    /// <inheritdoc/>
    public ValueTask SetTimesAsync(FileContext context, string path, FileTime access, FileTime modification, bool follow) =>
        vfs.ChangeTimesAsync(Caller(context), Full(context, path), Change(access), Change(modification), follow);

    /// <inheritdoc/>
    public ValueTask TruncateAsync(FileContext context, string path, long length) => vfs.TruncateAsync(Caller(context), Full(context, path), length);

    private static VfsFile Directory(OpenFile file) => file as VfsFile ?? throw new KernelException(Errno.ENOTDIR, "The descriptor is not a directory.");

    private static FileCaller Caller(FileContext context) => new(context.Credentials, null, context.Umask);

    // The empty path names nothing (POSIX.1-2017 §4.13), not the working directory.
    private static string Full(FileContext context, string path) => path.Length == 0 ? path
        : path[0] == '/' ? OfSelf(context, path)
        : OfSelf(context, context.WorkingDirectory == "/" ? "/" + path : context.WorkingDirectory + "/" + path);

    // The file system does not know who asks; a path that leads to /proc/self through links is not found.
    private static string OfSelf(FileContext context, string path) =>
        context.WorldId > 0 && path.StartsWith(Self, StringComparison.Ordinal) && (path.Length == Self.Length || path[Self.Length] == '/')
            ? $"/proc/{context.WorldId}{path[Self.Length..]}"
            : path;

    private static FileTimeChange Change(FileTime time) => time == FileTime.Now ? FileTimeChange.Now : time == FileTime.Omit ? FileTimeChange.Omit : FileTimeChange.At(time.Nanoseconds);

    internal static Stat Of(FileStatus s) => new(
        s.Device, s.Inode, s.TypeAndMode, s.LinkCount, s.UserId, s.GroupId, s.RawDevice, s.Size, s.Blocks, s.AccessTime, s.ModificationTime, s.ChangeTime);
}
