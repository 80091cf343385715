namespace CimHost.VmKernel.FileSystem.Memory;

/// <summary>One file of an exported tree: what an archive of it keeps. Devices, FIFOs and sockets are not exported.</summary>
/// <param name="Path">Path below the root of the file system without a slash at its ends; empty for the root itself.</param>
/// <param name="Type">Regular file, directory or symbolic link.</param>
/// <param name="Mode">Permission bits, 0 to 07777.</param>
/// <param name="UserId">Owner.</param>
/// <param name="GroupId">Group.</param>
/// <param name="ModificationTime">Nanoseconds since 1970-01-01 UTC.</param>
/// <param name="Content">Bytes of a regular file.</param>
/// <param name="Target">Target of a symbolic link.</param>
/// <param name="LinkedTo">Path of an earlier entry of which this is a further name (hard link); the content is with that one.</param>
/// <param name="IsOpenForWriting">
/// Somebody has the file open for writing, so that the content may be half of what is to come. An archive that must not hold half-written
/// files keeps what it had until the last descriptor is closed.
/// </param>
public sealed record MemoryFileEntry(
    string Path,
    FileType Type,
    int Mode,
    int UserId,
    int GroupId,
    long ModificationTime,
    ReadOnlyMemory<byte> Content = default,
    string? Target = null,
    string? LinkedTo = null,
    bool IsOpenForWriting = false)
{
    /// <summary>Whether another entry says the same of a file of this path, but for the time of its modification.</summary>
    internal bool IsSame(MemoryFileEntry other) =>
        (Type, Mode, UserId, GroupId, Target, LinkedTo) == (other.Type, other.Mode, other.UserId, other.GroupId, other.Target, other.LinkedTo)
        && Content.Span.SequenceEqual(other.Content.Span);
}
