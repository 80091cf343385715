namespace CimHost.VmKernel.FileSystem;

/// <summary>Makes the errors of file operations: the path or name, and in words what the error number means for it.</summary>
internal static class FileErrors
{
    public static KernelException Of(Errno errno, ReadOnlySpan<char> name) => new(errno, $"{name}: {Text(errno)}.");

    private static string Text(Errno errno) => errno switch
    {
        Errno.EPERM => "only the owner or root may do this",
        Errno.ENOENT => "no such file or directory",
        Errno.EBADF => "the descriptor is not open for this",
        Errno.EACCES => "permission denied",
        Errno.EBUSY => "in use",
        Errno.EEXIST => "exists already",
        Errno.EXDEV => "the two are on different file systems",
        Errno.ENOTDIR => "not a directory",
        Errno.EISDIR => "is a directory",
        Errno.EINVAL => "not possible on this file or with this argument",
        Errno.EFBIG => "the file would be too large",
        Errno.ENOSPC => "no space left on the file system",
        Errno.EROFS => "the file system is read-only",
        Errno.EMLINK => "too many links",
        Errno.ENAMETOOLONG => "the name or path is too long",
        Errno.ENOTEMPTY => "the directory is not empty",
        Errno.ELOOP => "too many levels of symbolic links",
        Errno.EOVERFLOW => "the position is too large",
        Errno.ESPIPE => "it has no position",
        _ => errno.ToString(),
    };
}
