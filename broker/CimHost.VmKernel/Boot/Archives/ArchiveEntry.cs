namespace CimHost.VmKernel.Boot.Archives;

/// <summary>One file, directory or symbolic link of an archive.</summary>
/// <param name="Path">Path from the root of the file system, without a leading slash: <c>etc/hosts</c>. No empty, "." or ".." component.</param>
/// <param name="Type">What it is.</param>
/// <param name="Mode">Permission bits with set-user-ID, set-group-ID and sticky bit (07777).</param>
/// <param name="UserId">Owner.</param>
/// <param name="GroupId">Group.</param>
/// <param name="ModificationTime">Time of the last modification; kept to 100 ns.</param>
public sealed record ArchiveEntry(string Path, ArchiveEntryType Type, int Mode, int UserId, int GroupId, DateTimeOffset ModificationTime)
{
    /// <summary>Content of a regular file; empty for all else.</summary>
    public ReadOnlyMemory<byte> Content { get; init; }

    /// <summary>Target of a symbolic link; empty for all else.</summary>
    public string LinkTarget { get; init; } = string.Empty;
}
