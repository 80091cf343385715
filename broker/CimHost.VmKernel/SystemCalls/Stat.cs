namespace CimHost.VmKernel.SystemCalls;

/// <summary>What stat() tells (POSIX.1-2017 struct stat). Times are nanoseconds since 1970-01-01 UTC.</summary>
/// <param name="Device">Id of the file system.</param>
/// <param name="Inode">Number of the file within it.</param>
/// <param name="Mode">Type (S_IFMT bits as on Linux) and permission bits.</param>
/// <param name="LinkCount">Hard links.</param>
/// <param name="UserId">Owner.</param>
/// <param name="GroupId">Group.</param>
/// <param name="RawDevice">Number of a device file, else 0.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Blocks">Space taken, in units of 512 bytes.</param>
/// <param name="AccessTime">Last access.</param>
/// <param name="ModificationTime">Last change of the content.</param>
/// <param name="ChangeTime">Last change of the status.</param>
public readonly record struct Stat(
    ulong Device, ulong Inode, int Mode, int LinkCount, int UserId, int GroupId, ulong RawDevice, long Size, long Blocks,
    long AccessTime, long ModificationTime, long ChangeTime)
{
    /// <summary>S_IFMT: the bits of <see cref="Mode"/> that hold the type.</summary>
    public const int TypeMask = 0xF000;

    /// <summary>S_IFIFO.</summary>
    public const int Fifo = 0x1000;

    /// <summary>S_IFSOCK.</summary>
    public const int Socket = 0xC000;
}
