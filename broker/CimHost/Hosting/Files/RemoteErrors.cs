using CimHost.Endpoints.Files;
using CimHost.VmKernel;

namespace CimHost.Hosting.Files;

/// <summary>What the kernel's refusals are in HTTP (RFC 9110 §15, RFC 4918 §11.5 for 507).</summary>
internal static class RemoteErrors
{
    /// <summary>The refusal as the file endpoint tells it. Paths of the kernel stay inside: only the reason leaves.</summary>
    public static RemoteFileException Of(KernelException e) => e.Errno switch
    {
        Errno.ENOENT or Errno.ENOTDIR => new RemoteFileException(StatusCodes.Status404NotFound, "There is no such file."),
        Errno.EACCES or Errno.EPERM => Forbidden(),
        Errno.EROFS => new RemoteFileException(StatusCodes.Status403Forbidden, "This file system is mounted read-only."),
        Errno.ELOOP => new RemoteFileException(StatusCodes.Status403Forbidden, "Symbolic links are not followed here."),
        Errno.EISDIR => new RemoteFileException(StatusCodes.Status409Conflict, "It is a directory."),
        Errno.EEXIST => new RemoteFileException(StatusCodes.Status409Conflict, "It exists already."),
        Errno.ENOTEMPTY => new RemoteFileException(StatusCodes.Status409Conflict, "The directory is not empty."),
        Errno.EBUSY => new RemoteFileException(StatusCodes.Status409Conflict, "It is in use."),
        Errno.ENAMETOOLONG => new RemoteFileException(StatusCodes.Status414UriTooLong, "The name is longer than the file system allows."),
        Errno.EINVAL => new RemoteFileException(StatusCodes.Status400BadRequest, "The file system does not allow such a name."),
        Errno.ENOSPC or Errno.EFBIG or Errno.ENOMEM => new RemoteFileException(StatusCodes.Status507InsufficientStorage, "No space is left on the file system."),
        _ => new RemoteFileException(StatusCodes.Status500InternalServerError, $"The file system answered {e.Errno}."),
    };

    /// <summary>The caller lacks the privilege.</summary>
    public static RemoteFileException Forbidden() => new(StatusCodes.Status403Forbidden, "You do not have the privilege for this file.");
}
