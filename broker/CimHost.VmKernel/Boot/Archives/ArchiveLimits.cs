namespace CimHost.VmKernel.Boot.Archives;

/// <summary>How much an archive may hold; what exceeds it is refused, never cut.</summary>
/// <param name="MaxEntries">Most entries.</param>
/// <param name="MaxFileBytes">Largest file, in bytes.</param>
/// <param name="MaxBytes">Largest archive when unpacked, headers included, in bytes.</param>
/// <param name="ConfinedLinks">Whether a relative link that climbs above the root is refused. In a running system such a link is legal, so that the state keeps it.</param>
public sealed record ArchiveLimits(int MaxEntries, long MaxFileBytes, long MaxBytes, bool ConfinedLinks)
{
    /// <summary>Longest path and longest link target, in bytes of UTF-8 (PATH_MAX less the end of the string).</summary>
    public const int MaxPathBytes = 4_095;

    /// <summary>Longest component of a path, in bytes of UTF-8 (NAME_MAX).</summary>
    public const int MaxNameBytes = 255;

    /// <summary>A module: the whole image is to be at most 32 MB packed.</summary>
    public static ArchiveLimits Module { get; } = new(65_536, 64L << 20, 256L << 20, ConfinedLinks: true);

    /// <summary>The configuration below /etc.</summary>
    public static ArchiveLimits State { get; } = new(16_384, 32L << 20, 96L << 20, ConfinedLinks: false);

    // What the size of a tar header can say (11 octal digits) and an array can hold.
    internal bool AllowsFile(long size) => size >= 0 && size <= Math.Min(MaxFileBytes, Array.MaxLength);
}
