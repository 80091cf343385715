using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace CimHost.VmKernel.FileSystem.Host;

/// <summary>The file calls of Linux that take a directory and a name in it, and tell their errors as <see cref="KernelException"/>.</summary>
internal static unsafe partial class LinuxFileCalls
{
    /// <summary>In place of a directory: the working directory of the thread.</summary>
    public const int WorkingDirectory = -100;

    /// <summary>AT_SYMLINK_NOFOLLOW.</summary>
    public const int NoFollow = 0x100;

    /// <summary>AT_REMOVEDIR.</summary>
    public const int RemoveDirectory = 0x200;

    /// <summary>O_PATH: a handle on a place, without access to the content.</summary>
    public const int PathOnly = 0x200000;

    /// <summary>O_CLOEXEC.</summary>
    public const int CloseOnExec = 0x80000;

    private const int BasicStatus = 0x7FF;
    private const int EmptyPath = 0x1000;
    private const int Interrupted = 4;
    private const long OmitTime = (1 << 30) - 2;
    private const long NowTime = (1 << 30) - 1;

    private static readonly bool s_isArm = RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    /// <summary>Flags of open() for this machine: two of them have other values on ARM.</summary>
    public static int ToNative(OpenFlags flags)
    {
        int native = (int)(flags & ~(OpenFlags.O_DIRECTORY | OpenFlags.O_NOFOLLOW));
        native |= (flags & OpenFlags.O_DIRECTORY) == 0 ? 0 : s_isArm ? 0x4000 : 0x10000;
        native |= (flags & OpenFlags.O_NOFOLLOW) == 0 ? 0 : s_isArm ? 0x8000 : 0x20000;
        return native | CloseOnExec;
    }

    public static SafeFileHandle Open(LinuxDirectoryHandle directory, string name, int flags, int mode, string shown)
    {
        int descriptor;
        do
        {
            descriptor = OpenAt(directory.Number, name, flags, mode);
        }
        while (descriptor < 0 && Marshal.GetLastPInvokeError() == Interrupted);
        return descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : throw Failure(shown);
    }

    /// <summary>Status of a name (a link itself with <see cref="NoFollow"/>) or, with an empty name, of the descriptor.</summary>
    public static bool TryStatus(LinuxDirectoryHandle directory, string name, int flags, out FileStatus status, out Errno errno)
    {
        StatusBuffer buffer = default;
        status = default;
        errno = Errno.None;
        if (StatusAt(directory.Number, name, name.Length == 0 ? flags | EmptyPath : flags, BasicStatus, &buffer) < 0)
        {
            errno = (Errno)Marshal.GetLastPInvokeError();
            return false;
        }

        status = new FileStatus(
            DeviceNumber.Of(buffer.DeviceMajor, buffer.DeviceMinor), buffer.Inode, (FileType)(buffer.Mode & 0xF000), buffer.Mode & 0xFFF,
            (int)buffer.LinkCount, (int)buffer.UserId, (int)buffer.GroupId, DeviceNumber.Of(buffer.RawMajor, buffer.RawMinor), (long)buffer.Size,
            (int)buffer.BlockSize, (long)buffer.Blocks, buffer.AccessTime.Nanoseconds, buffer.ModificationTime.Nanoseconds, buffer.ChangeTime.Nanoseconds);
        return true;
    }

    public static FileStatus Status(LinuxDirectoryHandle directory, string name, int flags, string shown) =>
        TryStatus(directory, name, flags, out FileStatus status, out Errno errno) ? status : throw FileErrors.Of(errno, shown);

    public static void MakeDirectory(LinuxDirectoryHandle directory, string name, int mode, string shown) => Demand(MakeDirectoryAt(directory.Number, name, (uint)mode), shown);

    public static void Unlink(LinuxDirectoryHandle directory, string name, int flags, string shown) => Demand(UnlinkAt(directory.Number, name, flags), shown);

    public static void Link(LinuxDirectoryHandle oldDirectory, string oldName, LinuxDirectoryHandle newDirectory, string newName, string shown) =>
        Demand(LinkAt(oldDirectory.Number, oldName, newDirectory.Number, newName, 0), shown);

    public static void SymbolicLink(string target, LinuxDirectoryHandle directory, string name, string shown) => Demand(SymbolicLinkAt(target, directory.Number, name), shown);

    public static void Rename(LinuxDirectoryHandle oldDirectory, string oldName, LinuxDirectoryHandle newDirectory, string newName, string shown) =>
        Demand(RenameAt(oldDirectory.Number, oldName, newDirectory.Number, newName), shown);

    public static string ReadLink(LinuxDirectoryHandle directory, string name, string shown)
    {
        byte* buffer = stackalloc byte[FileNames.PathMax];
        nint length = ReadLinkAt(directory.Number, name, buffer, FileNames.PathMax);
        Demand((int)length, shown);
        return Marshal.PtrToStringUTF8((nint)buffer, (int)length);
    }

    public static void ChangeMode(LinuxDirectoryHandle directory, string name, int mode, string shown) => Demand(ChangeModeAt(directory.Number, name, (uint)mode, 0), shown);

    public static void ChangeOwner(LinuxDirectoryHandle directory, string name, int userId, int groupId, int flags, string shown) =>
        Demand(ChangeOwnerAt(directory.Number, name, userId, groupId, flags), shown);

    public static void ChangeTimes(LinuxDirectoryHandle directory, string name, FileTimeChange access, FileTimeChange modification, int flags, string shown)
    {
        TimeBuffer* times = stackalloc TimeBuffer[2];
        times[0] = ToBuffer(access);
        times[1] = ToBuffer(modification);
        Demand(ChangeTimesAt(directory.Number, name, times, flags), shown);
    }

    /// <summary>Sets the mode of a file that is no link, also when somebody puts one there meanwhile.</summary>
    public static void ChangeModeOfFile(SafeFileHandle directory, string name, int mode)
    {
        using SafeFileHandle file = Open(directory, name, PathOnly | ToNative(OpenFlags.O_NOFOLLOW), 0, name);
        if (Status(file, string.Empty, 0, name).Type == FileType.SymbolicLink)
        {
            throw FileErrors.Of(Errno.EINVAL, name);
        }

        // A handle without access cannot be changed itself; its entry in /proc leads to the very file.
        ChangeMode(WorkingDirectory, $"/proc/self/fd/{((LinuxDirectoryHandle)file).Number}", mode, name);
    }

    /// <summary>Checks that a name is not that of a directory.</summary>
    /// <exception cref="KernelException">EPERM.</exception>
    public static void DemandNoDirectory(SafeFileHandle directory, string name)
    {
        if (Status(directory, name, NoFollow, name).IsDirectory)
        {
            throw FileErrors.Of(Errno.EPERM, name);
        }
    }

    /// <summary>Sizes of the Linux file system that holds a directory.</summary>
    public static FileSystemStatistics Statistics(SafeFileHandle directory, string type, ulong device)
    {
        ulong* buffer = stackalloc ulong[16];
        Demand(FileSystemStatus(((LinuxDirectoryHandle)directory).Number, buffer), type);

        // struct statvfs on 64-bit machines: f_frsize, f_blocks, f_bavail, f_files, f_favail
        return new FileSystemStatistics(type, device, (int)buffer[1], (long)buffer[2], (long)buffer[4], (long)buffer[5], (long)buffer[7]);
    }

    public static int EffectiveUserId() => EffectiveUser();

    public static KernelException Failure(string shown) => FileErrors.Of((Errno)Marshal.GetLastPInvokeError(), shown);

    private static void Demand(int result, string shown)
    {
        if (result < 0)
        {
            throw Failure(shown);
        }
    }

    private static TimeBuffer ToBuffer(FileTimeChange change)
    {
        (long seconds, long rest) = Math.DivRem(change.Time, 1_000_000_000);
        return change.IsNow ? new TimeBuffer(0, NowTime)
            : change.IsOmitted ? new TimeBuffer(0, OmitTime)
            : rest < 0 ? new TimeBuffer(seconds - 1, rest + 1_000_000_000)
            : new TimeBuffer(seconds, rest);
    }

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial int EffectiveUser();

    [LibraryImport("libc", EntryPoint = "fstatvfs", SetLastError = true)]
    private static partial int FileSystemStatus(int descriptor, ulong* buffer);

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenAt(int directory, string name, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatusAt(int directory, string name, int flags, uint mask, StatusBuffer* buffer);

    [LibraryImport("libc", EntryPoint = "mkdirat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakeDirectoryAt(int directory, string name, uint mode);

    [LibraryImport("libc", EntryPoint = "unlinkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int UnlinkAt(int directory, string name, int flags);

    [LibraryImport("libc", EntryPoint = "linkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LinkAt(int oldDirectory, string oldName, int newDirectory, string newName, int flags);

    [LibraryImport("libc", EntryPoint = "symlinkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SymbolicLinkAt(string target, int directory, string name);

    [LibraryImport("libc", EntryPoint = "renameat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RenameAt(int oldDirectory, string oldName, int newDirectory, string newName);

    [LibraryImport("libc", EntryPoint = "readlinkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint ReadLinkAt(int directory, string name, byte* buffer, nuint length);

    [LibraryImport("libc", EntryPoint = "fchmodat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChangeModeAt(int directory, string name, uint mode, int flags);

    [LibraryImport("libc", EntryPoint = "fchownat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChangeOwnerAt(int directory, string name, int userId, int groupId, int flags);

    [LibraryImport("libc", EntryPoint = "utimensat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChangeTimesAt(int directory, string name, TimeBuffer* times, int flags);

    // struct timespec on 64-bit machines
    private readonly record struct TimeBuffer(long Seconds, long Nanoseconds);

    // struct statx_timestamp
    [StructLayout(LayoutKind.Sequential)]
    private struct StatusTime
    {
        public long Seconds;
        public uint Fraction;
        public int Reserved;

        // Files can claim any year; what does not fit into nanoseconds is cut to the year 2262 or 1677.
        public readonly long Nanoseconds => Seconds is > -9_000_000_000 and < 9_000_000_000 ? (Seconds * 1_000_000_000) + Fraction
            : Seconds < 0 ? long.MinValue : long.MaxValue;
    }

    // struct statx, the same on every machine
    [StructLayout(LayoutKind.Sequential, Size = 256)]
    private struct StatusBuffer
    {
        public uint Mask;
        public uint BlockSize;
        public ulong Attributes;
        public uint LinkCount;
        public uint UserId;
        public uint GroupId;
        public ushort Mode;
        public ushort Reserved;
        public ulong Inode;
        public ulong Size;
        public ulong Blocks;
        public ulong AttributesMask;
        public StatusTime AccessTime;
        public StatusTime BirthTime;
        public StatusTime ChangeTime;
        public StatusTime ModificationTime;
        public uint RawMajor;
        public uint RawMinor;
        public uint DeviceMajor;
        public uint DeviceMinor;
    }
}
