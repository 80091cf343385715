using System.Buffers.Binary;

namespace CimHost.Providers.Platform.Wire.Smbios;

/// <summary>SMBIOS entry point (DSP0134 §5.2): which version the table follows, and how long it is.</summary>
/// <param name="Major">Major version.</param>
/// <param name="Minor">Minor version.</param>
/// <param name="Revision">Revision of the document (docrev); 0 in the 32-bit entry point, which has none.</param>
/// <param name="TableLength">Length of the table in bytes; in the 64-bit entry point the most that it may be.</param>
/// <param name="StructureCount">Number of structures; null in the 64-bit entry point, where the end-of-table structure ends them.</param>
/// <param name="TableAddress">Physical address of the table.</param>
internal readonly record struct SmbiosEntryPoint(byte Major, byte Minor, byte Revision, uint TableLength, ushort? StructureCount, ulong TableAddress)
{
    private const int Length32 = 0x1F;
    private const int Length64 = 0x18;
    private const int LengthLegacy = 0x0F;
    private const int LongestEntryPoint = 64;

    /// <summary>Version as text: "3.4".</summary>
    public string Version => $"{Major}.{Minor}";

    /// <summary>Reads the 64-bit ("_SM3_"), the 32-bit ("_SM_") or the legacy ("_DMI_") entry point.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out SmbiosEntryPoint entryPoint, out string? reason)
    {
        entryPoint = default;
        reason = bytes.StartsWith("_SM3_"u8) ? TryRead64(bytes, out entryPoint)
            : bytes.StartsWith("_SM_"u8) ? TryRead32(bytes, out entryPoint)
            : bytes.StartsWith("_DMI_"u8) ? TryReadLegacy(bytes, out entryPoint)
            : "it begins with none of the anchors _SM3_, _SM_ and _DMI_";
        return reason is null;
    }

    private static string? TryRead64(ReadOnlySpan<byte> bytes, out SmbiosEntryPoint entryPoint)
    {
        entryPoint = default;
        if (Check(bytes, 0x06, Length64) is { } problem)
        {
            return problem;
        }

        entryPoint = new SmbiosEntryPoint(
            bytes[0x07],
            bytes[0x08],
            bytes[0x09],
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[0x0C..]),
            null,
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[0x10..]));
        return null;
    }

    private static string? TryRead32(ReadOnlySpan<byte> bytes, out SmbiosEntryPoint entryPoint)
    {
        entryPoint = default;

        // Version 2.1 of the specification gave the length as 1Eh by mistake, and some firmware follows it (DSP0134 §5.2.1).
        if (Check(bytes, 0x05, Length32 - 1) is { } problem)
        {
            return problem;
        }

        if (bytes.Length < Length32 || !bytes[0x10..].StartsWith("_DMI_"u8))
        {
            return "its second part does not begin with _DMI_";
        }

        if (Sum(bytes[0x10..Length32]) != 0)
        {
            return "the checksum of its second part is wrong";
        }

        (byte major, byte minor) = (bytes[0x06], bytes[0x07]) switch
        {
            // Versions that firmware is known to write for 2.3 and 2.6, as kernels correct them too.
            (2, 0x1F or 0x21) => ((byte)2, (byte)3),
            (2, 0x33) => ((byte)2, (byte)6),
            var told => told,
        };
        entryPoint = new SmbiosEntryPoint(major, minor, 0, Word(bytes, 0x16), Word(bytes, 0x1C), BinaryPrimitives.ReadUInt32LittleEndian(bytes[0x18..]));
        return null;
    }

    private static string? TryReadLegacy(ReadOnlySpan<byte> bytes, out SmbiosEntryPoint entryPoint)
    {
        entryPoint = default;
        if (bytes.Length < LengthLegacy)
        {
            return $"it has {bytes.Length} bytes and needs {LengthLegacy}";
        }

        if (Sum(bytes[..LengthLegacy]) != 0)
        {
            return "its checksum is wrong";
        }

        entryPoint = new SmbiosEntryPoint(
            (byte)(bytes[0x0E] >> 4),
            (byte)(bytes[0x0E] & 0x0F),
            0,
            Word(bytes, 0x06),
            Word(bytes, 0x0C),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[0x08..]));
        return null;
    }

    private static string? Check(ReadOnlySpan<byte> bytes, int lengthAt, int shortest)
    {
        if (bytes.Length < shortest)
        {
            return $"it has {bytes.Length} bytes and needs {shortest}";
        }

        int length = bytes[lengthAt];
        return length < shortest || length > Math.Min(bytes.Length, LongestEntryPoint) ? $"it gives its length as {length}, of {bytes.Length} bytes that there are"
            : Sum(bytes[..length]) != 0 ? "its checksum is wrong"
            : null;
    }

    private static ushort Word(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static byte Sum(ReadOnlySpan<byte> bytes)
    {
        byte sum = 0;
        foreach (byte b in bytes)
        {
            sum += b;
        }

        return sum;
    }
}
