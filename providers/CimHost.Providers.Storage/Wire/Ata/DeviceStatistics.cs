using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace CimHost.Providers.Storage.Wire.Ata;

/// <summary>Device statistics (log 04h, ACS-4 §9.5): the list of pages, and the values of a page.</summary>
internal static class DeviceStatistics
{
    private const int MostPages = 64;

    // Name and size in bytes of each statistic: page, offset. A negative size is signed.
    private static readonly Dictionary<(byte Page, int Offset), (string Name, int Size)> s_known = new()
    {
        [(1, 8)] = ("Lifetime Power-On Resets", 4),
        [(1, 16)] = ("Power-on Hours", 4),
        [(1, 24)] = ("Logical Sectors Written", 6),
        [(1, 32)] = ("Number of Write Commands", 6),
        [(1, 40)] = ("Logical Sectors Read", 6),
        [(1, 48)] = ("Number of Read Commands", 6),
        [(1, 56)] = ("Date and Time TimeStamp", 6),
        [(1, 64)] = ("Pending Error Count", 4),
        [(1, 72)] = ("Workload Utilization", 2),
        [(1, 80)] = ("Utilization Usage Rate", 6),
        [(1, 88)] = ("Resource Availability", 7),
        [(1, 96)] = ("Random Write Resources Used", 1),
        [(2, 8)] = ("Number of Free-Fall Events Detected", 4),
        [(2, 16)] = ("Overlimit Shock Events", 4),
        [(3, 8)] = ("Spindle Motor Power-on Hours", 4),
        [(3, 16)] = ("Head Flying Hours", 4),
        [(3, 24)] = ("Head Load Events", 4),
        [(3, 32)] = ("Number of Reallocated Logical Sectors", 4),
        [(3, 40)] = ("Read Recovery Attempts", 4),
        [(3, 48)] = ("Number of Mechanical Start Failures", 4),
        [(3, 56)] = ("Number of Realloc. Candidate Logical Sectors", 4),
        [(3, 64)] = ("Number of High Priority Unload Events", 4),
        [(4, 8)] = ("Number of Reported Uncorrectable Errors", 4),
        [(4, 16)] = ("Resets Between Cmd Acceptance and Completion", 4),
        [(4, 24)] = ("Physical Element Status Changed", 4),
        [(5, 8)] = ("Current Temperature", -1),
        [(5, 16)] = ("Average Short Term Temperature", -1),
        [(5, 24)] = ("Average Long Term Temperature", -1),
        [(5, 32)] = ("Highest Temperature", -1),
        [(5, 40)] = ("Lowest Temperature", -1),
        [(5, 48)] = ("Highest Average Short Term Temperature", -1),
        [(5, 56)] = ("Lowest Average Short Term Temperature", -1),
        [(5, 64)] = ("Highest Average Long Term Temperature", -1),
        [(5, 72)] = ("Lowest Average Long Term Temperature", -1),
        [(5, 80)] = ("Time in Over-Temperature", 4),
        [(5, 88)] = ("Specified Maximum Operating Temperature", -1),
        [(5, 96)] = ("Time in Under-Temperature", 4),
        [(5, 104)] = ("Specified Minimum Operating Temperature", -1),
        [(6, 8)] = ("Number of Hardware Resets", 4),
        [(6, 16)] = ("Number of ASR Events", 4),
        [(6, 24)] = ("Number of Interface CRC Errors", 4),
        [(7, 8)] = ("Percentage Used Endurance Indicator", 1),
    };

    /// <summary>Reads page 0: the numbers of the pages that there are.</summary>
    public static bool TryReadPages(ReadOnlySpan<byte> data, [NotNullWhen(true)] out IReadOnlyList<byte>? pages, [NotNullWhen(false)] out string? reason)
    {
        pages = null;
        reason = Check(data, 0) ?? (data[8] == 0 ? "the list of device statistics names no pages" : null);
        if (reason is not null)
        {
            return false;
        }

        pages = [.. data.Slice(9, Math.Min((int)data[8], MostPages)).ToArray().Where(p => p != 0).Distinct()];
        return true;
    }

    /// <summary>Reads the values of a page.</summary>
    public static bool TryRead(ReadOnlySpan<byte> data, byte page, [NotNullWhen(true)] out IReadOnlyList<DeviceStatistic>? statistics, [NotNullWhen(false)] out string? reason)
    {
        statistics = null;
        reason = Check(data, page);
        if (reason is not null)
        {
            return false;
        }

        var found = new List<DeviceStatistic>();
        for (int offset = 8; offset + 8 <= AtaSector.Length; offset += 8)
        {
            const int IsSupported = 0x80;
            const int IsValid = 0x40;
            const int IsNormalized = 0x20;
            byte flags = data[offset + 7];
            if ((flags & IsSupported) == 0)
            {
                continue;
            }

            (string name, int size) = s_known.GetValueOrDefault((page, offset), ($"Page {page} offset {offset}", 7));
            found.Add(new DeviceStatistic(page, offset, name, (flags & IsValid) == 0 ? null : Value(data.Slice(offset, 8), size), (flags & IsNormalized) != 0));
        }

        statistics = found;
        return true;
    }

    private static string? Check(ReadOnlySpan<byte> data, byte page) =>
        data.Length < AtaSector.Length ? $"page {page} of the device statistics has {data.Length} bytes and not {AtaSector.Length}"
        : data[2] != page ? $"page {page} of the device statistics says that it is page {data[2]}"
        : BinaryPrimitives.ReadUInt16LittleEndian(data) == 0 ? $"page {page} of the device statistics has no revision"
        : null;

    private static long Value(ReadOnlySpan<byte> entry, int size)
    {
        long value = (long)(BinaryPrimitives.ReadUInt64LittleEndian(entry) & (ulong.MaxValue >> (64 - (8 * Math.Abs(size)))));
        return size == -1 ? (sbyte)value : value;
    }
}
