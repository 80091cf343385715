using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace CimHost.VmKernel.FileSystem.Host;

/// <summary>Entries of a directory of Linux (getdents64).</summary>
internal static unsafe partial class LinuxDirectory
{
    private const int BufferSize = 32_768;
    private const int NameOffset = 19;
    private const int TypeOffset = 18;
    private const int LengthOffset = 16;
    private const int TypeShift = 12;

    private static readonly nint s_number = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 61 : 217;

    /// <summary>Reads entries from the offset of the descriptor on, "." and ".." too.</summary>
    public static IEnumerable<DirectoryEntry> Read(SafeFileHandle directory, string shown)
    {
        byte[] buffer = new byte[BufferSize];
        while (Fill(directory, buffer, shown) is var filled and > 0)
        {
            for (int at = 0, length; at < filled; at += length)
            {
                DirectoryEntry entry = Parse(buffer.AsSpan(at), out length);
                yield return entry;
            }
        }
    }

    /// <summary>Goes to the position of an entry, or to the start.</summary>
    public static void Seek(SafeFileHandle directory, long position, string shown)
    {
        if (SeekFile((int)directory.DangerousGetHandle(), position, 0) < 0)
        {
            throw LinuxFileCalls.Failure(shown);
        }
    }

    // struct linux_dirent64
    private static DirectoryEntry Parse(ReadOnlySpan<byte> record, out int length)
    {
        length = BinaryPrimitives.ReadUInt16LittleEndian(record[LengthOffset..]);
        ReadOnlySpan<byte> name = record[NameOffset..length];
        name = name[..name.IndexOf((byte)0)];
        return new DirectoryEntry(
            Encoding.UTF8.GetString(name),
            BinaryPrimitives.ReadUInt64LittleEndian(record),
            (FileType)(record[TypeOffset] << TypeShift),
            BinaryPrimitives.ReadInt64LittleEndian(record[8..]));
    }

    private static int Fill(SafeFileHandle directory, byte[] buffer, string shown)
    {
        fixed (byte* bytes = buffer)
        {
            nint filled = SystemCall(s_number, (int)directory.DangerousGetHandle(), (nint)bytes, BufferSize);
            return filled >= 0 ? (int)filled : throw LinuxFileCalls.Failure(shown);
        }
    }

    [LibraryImport("libc", EntryPoint = "lseek", SetLastError = true)]
    private static partial long SeekFile(int descriptor, long offset, int origin);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, nint descriptor, nint buffer, nint length);
}
