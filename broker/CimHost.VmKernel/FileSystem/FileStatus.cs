namespace CimHost.VmKernel.FileSystem;

/// <summary>What stat() tells of a file (POSIX.1-2017 &lt;sys/stat.h&gt;).</summary>
/// <param name="Device">Id of the file system.</param>
/// <param name="Inode">Number of the file within it.</param>
/// <param name="Type">Type of the file.</param>
/// <param name="Mode">Permission bits with set-user-ID, set-group-ID and sticky: 0 to 07777.</param>
/// <param name="LinkCount">Hard links.</param>
/// <param name="UserId">Owner.</param>
/// <param name="GroupId">Group.</param>
/// <param name="RawDevice">Major and minor number of a device file (<see cref="DeviceNumber"/>), else 0.</param>
/// <param name="Size">Bytes; of a symbolic link the length of its target.</param>
/// <param name="BlockSize">Preferred size of a transfer in bytes.</param>
/// <param name="Blocks">Space taken, in units of 512 bytes.</param>
/// <param name="AccessTime">Last access, nanoseconds since 1970-01-01 UTC.</param>
/// <param name="ModificationTime">Last change of the content, nanoseconds since 1970-01-01 UTC.</param>
/// <param name="ChangeTime">Last change of the status, nanoseconds since 1970-01-01 UTC.</param>
public readonly record struct FileStatus(
    ulong Device,
    ulong Inode,
    FileType Type,
    int Mode,
    int LinkCount,
    int UserId,
    int GroupId,
    ulong RawDevice,
    long Size,
    int BlockSize,
    long Blocks,
    long AccessTime,
    long ModificationTime,
    long ChangeTime)
{
    /// <summary>st_mode: the type and the permission bits in one number.</summary>
    public int TypeAndMode => (int)Type | Mode;

    /// <summary>Whether it is a directory.</summary>
    public bool IsDirectory => Type == FileType.Directory;
}
