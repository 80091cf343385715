using System.IO.Compression;
using CimHost.VmKernel.Boot.Archives;

namespace CimHost.VmKernel.Boot.State;

/// <summary>
/// The saved configuration of a host as ESXi lays it out: <c>state.tgz</c>, a gzip-compressed tar file with the one entry
/// <c>local.tgz</c>, which is another one with the sticky files below /etc. A pure codec: no file is touched.
/// </summary>
public static class StateArchive
{
    /// <summary>The saved state, a file of the boot bank.</summary>
    public const string FileName = "state.tgz";

    /// <summary>The state that was saved before, a file of the boot bank.</summary>
    public const string PreviousFileName = "state.tgz.1";

    /// <summary>Where a saved state that could not be read is kept aside, a file of the boot bank.</summary>
    public const string DamagedFileName = "state.tgz.damaged";

    /// <summary>Largest file, in bytes.</summary>
    public const long MaxPackedBytes = 96L << 20;

    internal const string InnerName = "local.tgz";

    private static readonly ArchiveLimits s_outer = new(1, MaxPackedBytes, MaxPackedBytes + (64 << 10), ConfinedLinks: true);

    /// <summary>Reads a saved state.</summary>
    /// <param name="state">The whole of <c>state.tgz</c>; seekable, disposed of.</param>
    /// <returns>The entries in their order.</returns>
    /// <exception cref="InvalidDataException">It is damaged, cut off or too large; which and why.</exception>
    public static IReadOnlyList<ArchiveEntry> Read(Stream state)
    {
        if (state.Length > MaxPackedBytes)
        {
            state.Dispose();
            throw new InvalidDataException($"it has more than {MaxPackedBytes} bytes");
        }

        ArchiveEntry[] outer = [.. ArchiveCodec.Read(state, s_outer)];
        if (outer is not [{ Path: InnerName, Type: ArchiveEntryType.RegularFile } local])
        {
            throw new InvalidDataException($"it does not hold {InnerName}");
        }

        return [.. ArchiveCodec.Read(new MemoryStream(local.Content.ToArray(), writable: false), ArchiveLimits.State)];
    }

    /// <summary>Packs entries; parents are to come before what lies in them.</summary>
    /// <param name="entries">Files, directories and symbolic links with paths from the root of the file system (<c>etc/hosts</c>).</param>
    /// <returns>The content of <c>state.tgz</c>.</returns>
    /// <exception cref="InvalidDataException">There are too many entries or bytes, or a path is refused; which and why.</exception>
    public static MemoryStream Write(IReadOnlyList<ArchiveEntry> entries)
    {
        using MemoryStream tar = ArchiveCodec.Pack(entries, ArchiveLimits.State);
        return Wrap(tar);
    }

    /// <summary>Puts the tar file of the entries into a state.</summary>
    internal static MemoryStream Wrap(MemoryStream localTar)
    {
        using MemoryStream local = ArchiveCodec.Compress(localTar, CompressionLevel.Fastest);
        ArchiveEntry inner = new(InnerName, ArchiveEntryType.RegularFile, 0x180, 0, 0, DateTimeOffset.UnixEpoch)
        {
            Content = local.GetBuffer().AsMemory(0, (int)local.Length),
        };

        // It is compressed already; the outer archive adds its checksum only.
        using MemoryStream outer = ArchiveCodec.Pack([inner], s_outer);
        return ArchiveCodec.Compress(outer, CompressionLevel.NoCompression);
    }
}
