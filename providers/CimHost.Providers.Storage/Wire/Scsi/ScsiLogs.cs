using System.Buffers.Binary;

namespace CimHost.Providers.Storage.Wire.Scsi;

/// <summary>What the parameters of log pages mean.</summary>
internal static class ScsiLogs
{
    private const byte NotTold = 0xFF;

    /// <summary>Temperature and reference temperature in °C (page 0Dh, SPC-5 §7.3.21); null where not told.</summary>
    public static (int? Current, int? Reference) Temperature(LogPage page) => (Celsius(page, 0), Celsius(page, 1));

    /// <summary>Informational exception (page 2Fh, SPC-5 §7.3.9): additional sense code, qualifier and temperature.</summary>
    public static (byte Code, byte Qualifier, int? Temperature)? InformationalException(LogPage page) =>
        page.Parameters.TryGetValue(0, out byte[]? value) && value.Length >= 2
            ? (value[0], value[1], value.Length >= 3 && value[2] is not (0 or NotTold) ? value[2] : null)
            : null;

    /// <summary>Percentage of the life that is used (page 11h, SBC-4 §6.4.10); null where not told.</summary>
    public static byte? PercentageUsed(LogPage page) => page.Parameters.TryGetValue(1, out byte[]? value) && value.Length >= 4 ? value[3] : null;

    /// <summary>Background scan (page 15h, SBC-4 §6.4.2): power-on minutes, status and scans performed.</summary>
    public static (uint Minutes, byte Status, ushort Scans)? BackgroundScan(LogPage page) =>
        page.Parameters.TryGetValue(0, out byte[]? value) && value.Length >= 8
            ? (BinaryPrimitives.ReadUInt32BigEndian(value), value[5], BinaryPrimitives.ReadUInt16BigEndian(value.AsSpan(6)))
            : null;

    /// <summary>Start-stop cycles (page 0Eh, SPC-5 §7.3.20): year and week of manufacture, accumulated cycles.</summary>
    public static (string? Manufactured, ulong? StartStops, ulong? LoadUnloads) StartStop(LogPage page)
    {
        string? date = page.Parameters.TryGetValue(1, out byte[]? value) && value.Length == 6 && value.All(b => b is >= (byte)'0' and <= (byte)'9')
            ? $"{FixedText.Read(value.AsSpan(0, 4))} week {FixedText.Read(value.AsSpan(4, 2))}"
            : null;
        return (date, Cycles(page, 4), Cycles(page, 6));
    }

    /// <summary>Self-test results (page 10h, SPC-5 §7.3.18), the newest first.</summary>
    public static IReadOnlyList<ScsiSelfTestEntry> SelfTests(LogPage page)
    {
        var entries = new List<ScsiSelfTestEntry>();
        for (ushort code = 1; code <= 20; code++)
        {
            if (!page.Parameters.TryGetValue(code, out byte[]? p) || p.Length < 16 || p.AsSpan().IndexOfAnyExcept((byte)0) < 0)
            {
                continue;
            }

            ulong lba = BinaryPrimitives.ReadUInt64BigEndian(p.AsSpan(4));
            byte result = (byte)(p[0] & 0x0F);
            entries.Add(new ScsiSelfTestEntry(
                (byte)(p[0] >> 5), result, p[1], BinaryPrimitives.ReadUInt16BigEndian(p.AsSpan(2)),
                lba == ulong.MaxValue || result is < 3 or > 7 ? null : lba, (byte)(p[12] & 0x0F), p[13], p[14]));
        }

        return entries;
    }

    /// <summary>SAS phys (page 18h, SPL-4 §9.2.8).</summary>
    public static IReadOnlyList<SasPhy> SasPhys(LogPage page)
    {
        const int MostPhys = 128;
        const byte SerialAttached = 6;
        var phys = new List<SasPhy>();
        foreach ((ushort port, byte[] body) in page.Parameters.OrderBy(p => p.Key))
        {
            if (body.Length < 4 || (body[0] & 0x0F) != SerialAttached)
            {
                continue;
            }

            ReadOnlySpan<byte> rest = body.AsSpan(4);
            for (int i = 0; i < body[3] && rest.Length >= 48 && phys.Count < MostPhys; i++)
            {
                phys.Add(new SasPhy(
                    port, rest[1], (byte)(rest[5] & 0x0F), Convert.ToHexStringLower(rest.Slice(8, 8)), Convert.ToHexStringLower(rest.Slice(16, 8)),
                    BinaryPrimitives.ReadUInt32BigEndian(rest[32..]), BinaryPrimitives.ReadUInt32BigEndian(rest[36..]),
                    BinaryPrimitives.ReadUInt32BigEndian(rest[40..]), BinaryPrimitives.ReadUInt32BigEndian(rest[44..])));
                rest = rest[Math.Min(rest.Length, 4 + Math.Max((int)rest[3], 44))..];
            }
        }

        return phys;
    }

    private static int? Celsius(LogPage page, ushort parameter) =>
        page.Parameters.TryGetValue(parameter, out byte[]? value) && value.Length >= 2 && value[1] is not NotTold and { } celsius && celsius != 0 ? celsius : null;

    private static ulong? Cycles(LogPage page, ushort parameter) => page.Number(parameter) is { } cycles and not uint.MaxValue ? cycles : null;
}
