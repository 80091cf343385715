using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace CimHost.Providers.Storage.Wire.Ata;

/// <summary>IDENTIFY DEVICE data (ACS-4 §7.13.6).</summary>
internal sealed record IdentifyDevice
{
    private const byte ChecksumValidity = 0xA5;

    public required string Model { get; init; }

    public required string SerialNumber { get; init; }

    public required string Firmware { get; init; }

    /// <summary>World wide name; 0 when the device has none.</summary>
    public ulong Wwn { get; init; }

    /// <summary>Logical sectors.</summary>
    public ulong Sectors { get; init; }

    /// <summary>Bytes of a logical sector.</summary>
    public uint LogicalSector { get; init; }

    /// <summary>Bytes of a physical sector.</summary>
    public uint PhysicalSector { get; init; }

    /// <summary>Revolutions per minute; 1 for a device without moving parts, 0 when not told.</summary>
    public ushort RotationRate { get; init; }

    /// <summary>Form factor code of word 168: 1 5.25", 2 3.5", 3 2.5", 4 1.8"; 0 when not told.</summary>
    public byte FormFactor { get; init; }

    public bool SmartSupported { get; init; }

    public bool SmartEnabled { get; init; }

    public bool SmartErrorLogging { get; init; }

    /// <summary>Self-tests by word 84 (supported) or 87 (enabled); SMART READ DATA may have them where these do not.</summary>
    public bool SelfTestSupported { get; init; }

    /// <summary>READ LOG EXT is there.</summary>
    public bool GeneralPurposeLogging { get; init; }

    public bool SctSupported { get; init; }

    public bool Is48Bit { get; init; }

    /// <summary>Whether the transport is Serial ATA (word 222).</summary>
    public bool IsSerial { get; init; }

    /// <summary>Speed of the port in bits per second as negotiated (word 77) or as the highest supported; 0 when not told.</summary>
    public ulong LinkSpeed { get; init; }

    /// <summary>Device security state (word 128): supported, locked.</summary>
    public bool SecuritySupported { get; init; }

    public bool SecurityLocked { get; init; }

    /// <summary>Reads the data.</summary>
    public static bool TryRead(ReadOnlySpan<byte> data, [NotNullWhen(true)] out IdentifyDevice? identify, [NotNullWhen(false)] out string? reason)
    {
        identify = null;
        reason = data.Length < AtaSector.Length ? $"IDENTIFY DEVICE data have {data.Length} bytes and not {AtaSector.Length}"
            : data[510] == ChecksumValidity && !AtaSector.ChecksumIsGood(data) ? "the checksum of IDENTIFY DEVICE data is wrong"
            : (data[1] & 0x80) != 0 ? "the device is an ATAPI device"
            : null;
        if (reason is not null)
        {
            return false;
        }

        (uint logical, uint physical) = SectorSizes(data);
        ushort commands = Supported(data, 82, 83), extensions = Supported(data, 83, 83), more = Supported(data, 84, 84);
        ushort enabled = Word(data, 85);
        bool is48 = (extensions & 0x0400) != 0;
        ulong sectors48 = BinaryPrimitives.ReadUInt64LittleEndian(data[200..]) & 0xFFFF_FFFF_FFFF;
        uint sectors28 = BinaryPrimitives.ReadUInt32LittleEndian(data[120..]);
        ushort security = Word(data, 128), transport = Word(data, 222), form = Word(data, 168);
        identify = new IdentifyDevice
        {
            Model = FixedText.ReadSwapped(data.Slice(54, 40)),
            SerialNumber = FixedText.ReadSwapped(data.Slice(20, 20)),
            Firmware = FixedText.ReadSwapped(data.Slice(46, 8)),
            Wwn = Wwn64(data, more),
            Sectors = is48 && sectors48 != 0 ? sectors48 : sectors28,
            LogicalSector = logical,
            PhysicalSector = physical,
            RotationRate = Rotation(Word(data, 217)),
            FormFactor = form != 0xFFFF ? (byte)(form & 0x0F) : (byte)0,
            SmartSupported = (commands & 1) != 0,
            SmartEnabled = (enabled & 1) != 0,
            SmartErrorLogging = (more & 1) != 0,
            SelfTestSupported = ((more | Supported(data, 87, 87)) & 2) != 0,
            GeneralPurposeLogging = (more & 0x20) != 0,
            SctSupported = (Word(data, 206) & 1) != 0,
            Is48Bit = is48,
            IsSerial = transport is not 0 and not 0xFFFF && transport >> 12 == 1,
            LinkSpeed = Speed(data),
            SecuritySupported = security != 0xFFFF && (security & 1) != 0,
            SecurityLocked = security != 0xFFFF && (security & 4) != 0,
        };
        return true;
    }

    private static ushort Word(ReadOnlySpan<byte> data, int word) => BinaryPrimitives.ReadUInt16LittleEndian(data[(2 * word)..]);

    // Words 82 to 84 and 87 count only when word 83, 84 or 87 begins with the bits 01.
    private static ushort Supported(ReadOnlySpan<byte> data, int word, int marker) => (Word(data, marker) & 0xC000) == 0x4000 ? Word(data, word) : (ushort)0;

    private static ulong Wwn64(ReadOnlySpan<byte> data, ushort more)
    {
        if ((more & 0x0100) == 0 && (Word(data, 87) & 0xC100) != 0x4100)
        {
            return 0;
        }

        ulong wwn = ((ulong)Word(data, 108) << 48) | ((ulong)Word(data, 109) << 32) | ((ulong)Word(data, 110) << 16) | Word(data, 111);
        return wwn >> 60 == 5 ? wwn : 0;
    }

    private static ushort Rotation(ushort word) => word is 1 or (>= 0x0401 and <= 0xFFFE) ? word : (ushort)0;

    private static (uint Logical, uint Physical) SectorSizes(ReadOnlySpan<byte> data)
    {
        const uint Default = 512;
        ushort sizes = Word(data, 106);
        if ((sizes & 0xC000) != 0x4000)
        {
            return (Default, Default);
        }

        uint words = BinaryPrimitives.ReadUInt32LittleEndian(data[234..]);
        uint logical = (sizes & 0x1000) != 0 && words is >= 256 and <= 65_536 ? words * 2 : Default;
        uint physical = (sizes & 0x2000) != 0 ? logical << Math.Min(sizes & 0x0F, 8) : logical;
        return (logical, physical);
    }

    private static ulong Speed(ReadOnlySpan<byte> data)
    {
        ushort capabilities = Word(data, 76);
        if (capabilities is 0 or 0xFFFF)
        {
            return 0;
        }

        int current = (Word(data, 77) >> 1) & 0x07;
        int generation = current != 0 ? current : (capabilities & 8) != 0 ? 3 : (capabilities & 4) != 0 ? 2 : (capabilities & 2) != 0 ? 1 : 0;
        return generation switch { 1 => 1_500_000_000, 2 => 3_000_000_000, 3 => 6_000_000_000, _ => 0 };
    }
}
