namespace CimHost.VmKernel.FileSystem;

/// <summary>Type of a file (POSIX.1-2017 &lt;sys/stat.h&gt;; the values are the S_IFMT bits of st_mode on Linux).</summary>
public enum FileType
{
    /// <summary>FIFO (S_IFIFO).</summary>
    Fifo = 0x1000,

    /// <summary>Character device (S_IFCHR).</summary>
    CharacterDevice = 0x2000,

    /// <summary>Directory (S_IFDIR).</summary>
    Directory = 0x4000,

    /// <summary>Block device (S_IFBLK).</summary>
    BlockDevice = 0x6000,

    /// <summary>Regular file (S_IFREG).</summary>
    Regular = 0x8000,

    /// <summary>Symbolic link (S_IFLNK).</summary>
    SymbolicLink = 0xA000,

    /// <summary>Socket (S_IFSOCK).</summary>
    Socket = 0xC000,
}
