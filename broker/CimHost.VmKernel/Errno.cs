namespace CimHost.VmKernel;

/// <summary>
/// Error numbers of the system calls, with the names of POSIX.1-2017 (&lt;errno.h&gt;) and the values of Linux, so that process worlds
/// can hand them on unchanged.
/// </summary>
public enum Errno
{
    /// <summary>No error.</summary>
    None = 0,

    /// <summary>Operation not permitted.</summary>
    EPERM = 1,

    /// <summary>No such file or directory.</summary>
    ENOENT = 2,

    /// <summary>No such process.</summary>
    ESRCH = 3,

    /// <summary>Interrupted function.</summary>
    EINTR = 4,

    /// <summary>I/O error.</summary>
    EIO = 5,

    /// <summary>No such device or address.</summary>
    ENXIO = 6,

    /// <summary>Argument list too long.</summary>
    E2BIG = 7,

    /// <summary>Executable file format error.</summary>
    ENOEXEC = 8,

    /// <summary>Bad file descriptor.</summary>
    EBADF = 9,

    /// <summary>No child processes.</summary>
    ECHILD = 10,

    /// <summary>Resource unavailable, try again.</summary>
    EAGAIN = 11,

    /// <summary>Not enough space.</summary>
    ENOMEM = 12,

    /// <summary>Permission denied.</summary>
    EACCES = 13,

    /// <summary>Bad address.</summary>
    EFAULT = 14,

    /// <summary>Device or resource busy.</summary>
    EBUSY = 16,

    /// <summary>File exists.</summary>
    EEXIST = 17,

    /// <summary>Cross-device link.</summary>
    EXDEV = 18,

    /// <summary>No such device.</summary>
    ENODEV = 19,

    /// <summary>Not a directory.</summary>
    ENOTDIR = 20,

    /// <summary>Is a directory.</summary>
    EISDIR = 21,

    /// <summary>Invalid argument.</summary>
    EINVAL = 22,

    /// <summary>Too many files open in system.</summary>
    ENFILE = 23,

    /// <summary>File descriptor value too large.</summary>
    EMFILE = 24,

    /// <summary>Inappropriate I/O control operation.</summary>
    ENOTTY = 25,

    /// <summary>Text file busy.</summary>
    ETXTBSY = 26,

    /// <summary>File too large.</summary>
    EFBIG = 27,

    /// <summary>No space left on device.</summary>
    ENOSPC = 28,

    /// <summary>Invalid seek.</summary>
    ESPIPE = 29,

    /// <summary>Read-only file system.</summary>
    EROFS = 30,

    /// <summary>Too many links.</summary>
    EMLINK = 31,

    /// <summary>Broken pipe.</summary>
    EPIPE = 32,

    /// <summary>Result too large.</summary>
    ERANGE = 34,

    /// <summary>File name too long.</summary>
    ENAMETOOLONG = 36,

    /// <summary>Functionality not supported.</summary>
    ENOSYS = 38,

    /// <summary>Directory not empty.</summary>
    ENOTEMPTY = 39,

    /// <summary>Too many levels of symbolic links.</summary>
    ELOOP = 40,

    /// <summary>Protocol error.</summary>
    EPROTO = 71,

    /// <summary>Value too large to be stored in data type.</summary>
    EOVERFLOW = 75,

    /// <summary>Not a socket.</summary>
    ENOTSOCK = 88,

    /// <summary>Protocol not supported.</summary>
    EPROTONOSUPPORT = 93,

    /// <summary>Not supported on socket or file.</summary>
    EOPNOTSUPP = 95,

    /// <summary>Address family not supported.</summary>
    EAFNOSUPPORT = 97,

    /// <summary>Address in use.</summary>
    EADDRINUSE = 98,

    /// <summary>Address not available.</summary>
    EADDRNOTAVAIL = 99,

    /// <summary>Connection reset.</summary>
    ECONNRESET = 104,

    /// <summary>Socket is connected.</summary>
    EISCONN = 106,

    /// <summary>The socket is not connected.</summary>
    ENOTCONN = 107,

    /// <summary>Connection timed out.</summary>
    ETIMEDOUT = 110,

    /// <summary>Connection refused.</summary>
    ECONNREFUSED = 111,

    /// <summary>Operation canceled.</summary>
    ECANCELED = 125,
}
