using System.Diagnostics.CodeAnalysis;

namespace CimHost.VmKernel.FileSystem;

/// <summary>How a file is opened (POSIX.1-2017 open(); the values are those of Linux on x86-64).</summary>
[Flags]
[SuppressMessage("Naming", "CA1707:Identifiers should not contain underscores", Justification = "The names of <fcntl.h>.")]
public enum OpenFlags
{
    /// <summary>For reading only.</summary>
    O_RDONLY = 0,

    /// <summary>For writing only.</summary>
    O_WRONLY = 1,

    /// <summary>For reading and writing.</summary>
    O_RDWR = 2,

    /// <summary>The bits that hold the access mode.</summary>
    O_ACCMODE = 3,

    /// <summary>Create the file if it is not there.</summary>
    O_CREAT = 0x40,

    /// <summary>With O_CREAT: fail with EEXIST if the file is there.</summary>
    O_EXCL = 0x80,

    /// <summary>Make the file empty.</summary>
    O_TRUNC = 0x200,

    /// <summary>Every write goes to the end of the file.</summary>
    O_APPEND = 0x400,

    /// <summary>Do not wait: EAGAIN instead.</summary>
    O_NONBLOCK = 0x800,

    /// <summary>Fail with ENOTDIR unless it is a directory.</summary>
    O_DIRECTORY = 0x10000,

    /// <summary>Fail with ELOOP if the last component is a symbolic link.</summary>
    O_NOFOLLOW = 0x20000,

    /// <summary>The descriptor is not handed to programs that the world starts.</summary>
    O_CLOEXEC = 0x80000,
}
