using System.Buffers.Binary;
using System.Text;

namespace CimHost.Providers.Platform.Wire.Modules;

/// <summary>What the specifications of modules have in common. Offsets of upper pages are those of the specifications, from 128 on.</summary>
internal static class ModuleBytes
{
    /// <summary>Bytes of the lower half and of each upper page.</summary>
    public const int PageLength = 128;

    /// <summary>Kind of module by its identifier (SFF-8024 table 4-1); null for one that is not decoded here.</summary>
    public static string? FormFactorOf(byte identifier) => identifier switch
    {
        0x03 => "SFP",
        0x0C => "QSFP",
        0x0D => "QSFP+",
        0x11 => "QSFP28",
        0x18 => "QSFP-DD",
        0x19 => "OSFP",
        0x1A => "SFP-DD",
        0x1E => "QSFP+ (CMIS)",
        0x1F => "SFP-DD (CMIS)",
        _ => null,
    };

    /// <summary>Connector (SFF-8024 table 4-3); null for one that is not listed here.</summary>
    public static string? ConnectorOf(byte code) => code switch
    {
        0x01 => "SC",
        0x07 => "LC",
        0x08 => "MT-RJ",
        0x0B => "Optical pigtail",
        0x0C => "MPO 1x12",
        0x0D => "MPO 2x16",
        0x21 => "Copper pigtail",
        0x22 => "RJ45",
        0x23 => "No separable connector",
        0x24 => "MXC 2x16",
        0x25 => "CS",
        0x26 => "SN",
        _ => null,
    };

    /// <summary>Text of printable ASCII, padded with spaces.</summary>
    public static string Text(ReadOnlySpan<byte> field)
    {
        var text = new StringBuilder(field.Length);
        foreach (byte b in field)
        {
            text.Append(b is >= 0x20 and < 0x7F ? (char)b : ' ');
        }

        return text.ToString().Trim();
    }

    /// <summary>True when the byte behind a range is the low byte of its sum.</summary>
    public static bool SumIsGood(ReadOnlySpan<byte> range, byte expected)
    {
        byte sum = 0;
        foreach (byte b in range)
        {
            sum += b;
        }

        return sum == expected;
    }

    public static ushort Unsigned(ReadOnlySpan<byte> data, int offset) => BinaryPrimitives.ReadUInt16BigEndian(data[offset..]);

    public static short Signed(ReadOnlySpan<byte> data, int offset) => BinaryPrimitives.ReadInt16BigEndian(data[offset..]);

    /// <summary>A temperature in 1/256 °C as thousandths of a degree.</summary>
    public static int Temperature(int raw) => (int)Math.Round(raw * 1000.0 / 256);

    /// <summary>A bias current in steps of 2 µA as microamperes.</summary>
    public static int Bias(int raw) => raw * 2;

    /// <summary>Four limits that follow one another as the specifications order them: high alarm, low alarm, high warning, low warning.</summary>
    public static ModuleLimits Limits(ReadOnlySpan<byte> data, int offset, Func<int, int> convert, bool signed = false) =>
        new(convert(At(data, offset, signed)), convert(At(data, offset + 2, signed)), convert(At(data, offset + 4, signed)), convert(At(data, offset + 6, signed)));

    /// <summary>A value as it is.</summary>
    public static int Same(int raw) => raw;

    private static int At(ReadOnlySpan<byte> data, int offset, bool signed) => signed ? Signed(data, offset) : Unsigned(data, offset);
}
