using System.Globalization;

namespace CimHost.Providers.Platform.Wire.Smbios;

/// <summary>BIOS (platform firmware) information, type 0 (DSP0134 §7.1).</summary>
internal sealed class FirmwareInformation : SmbiosRecord
{
    private const int ShortestLength = 0x12;

    private static readonly string?[] s_characteristics =
    [
        null, null, null, "BIOS characteristics not supported", "ISA is supported", "MCA is supported", "EISA is supported", "PCI is supported",
        "PC Card (PCMCIA) is supported", "PNP is supported", "APM is supported", "BIOS is upgradeable", "BIOS shadowing is allowed",
        "VLB is supported", "ESCD support is available", "Boot from CD is supported", "Selectable boot is supported", "BIOS ROM is socketed",
        "Boot from PC Card (PCMCIA) is supported", "EDD is supported",
        "Japanese floppy for NEC 9800 1.2 MB is supported (int 13h)", "Japanese floppy for Toshiba 1.2 MB is supported (int 13h)",
        "5.25\"/360 kB floppy services are supported (int 13h)", "5.25\"/1.2 MB floppy services are supported (int 13h)",
        "3.5\"/720 kB floppy services are supported (int 13h)", "3.5\"/2.88 MB floppy services are supported (int 13h)",
        "Print screen service is supported (int 5h)", "8042 keyboard services are supported (int 9h)", "Serial services are supported (int 14h)",
        "Printer services are supported (int 17h)", "CGA/mono video services are supported (int 10h)", "NEC PC-98",
    ];

    private static readonly string?[] s_extension1 =
    [
        "ACPI is supported", "USB legacy is supported", "AGP is supported", "I2O boot is supported", "LS-120 boot is supported",
        "ATAPI Zip drive boot is supported", "IEEE 1394 boot is supported", "Smart battery is supported",
    ];

    private static readonly string?[] s_extension2 =
    [
        "BIOS boot specification is supported", "Function key-initiated network boot is supported", "Targeted content distribution is supported",
        "UEFI is supported", "System is a virtual machine", "Manufacturing mode is supported", "Manufacturing mode is enabled",
    ];

    private FirmwareInformation(SmbiosStructure structure)
        : base(structure)
    {
    }

    /// <inheritdoc/>
    public override string TypeName => "BIOS Information";

    public string? Vendor => Structure.Text(0x04);

    public string? Version => Structure.Text(0x05);

    /// <summary>Real-mode segment of the firmware; 0 on UEFI.</summary>
    public ushort StartingSegment => Structure.Word(0x06) ?? 0;

    /// <summary>Release date as the firmware writes it, mm/dd/yyyy (mm/dd/yy in the past).</summary>
    public string? ReleaseDate => Structure.Text(0x08);

    /// <summary>Size of the ROM in bytes; null when it cannot be told.</summary>
    public ulong? RomSize => Structure.Formatted[0x09] is var size && size == 0xFF && Structure.Word(0x18) is { } extended
        ? (extended >> 14) switch
        {
            0 => (ulong)(extended & 0x3FFF) << 20,
            1 => (ulong)(extended & 0x3FFF) << 30,
            _ => null,
        }
        : (ulong)(size + 1) << 16;

    public ulong Characteristics => Structure.QWord(0x0A) ?? 0;

    /// <summary>True when the firmware says that it is UEFI.</summary>
    public bool IsUefi => Structure.Byte(0x13) is { } extension && (extension & 0x08) != 0;

    /// <summary>True when the firmware says that this is a virtual machine.</summary>
    public bool IsVirtualMachine => Structure.Byte(0x13) is { } extension && (extension & 0x10) != 0;

    /// <summary>Revision of the firmware; null when not told.</summary>
    public string? Revision => Pair(0x14);

    /// <summary>Revision of the embedded controller's firmware; null when there is none that can be updated.</summary>
    public string? EmbeddedControllerRevision => Pair(0x16);

    public static string? TryRead(SmbiosStructure structure, out SmbiosRecord? record) =>
        SmbiosRecords.Require(structure, ShortestLength, static s => new FirmwareInformation(s), out record);

    /// <inheritdoc/>
    public override IEnumerable<SmbiosField> Fields()
    {
        yield return new("Vendor", Vendor);
        yield return new("Version", Version);
        yield return new("Release Date", ReleaseDate);
        yield return new("Address", StartingSegment == 0 ? null : SmbiosText.Hex((ulong)StartingSegment << 4, 5));
        yield return new("Runtime Size", StartingSegment == 0 ? null : SmbiosText.Size((ulong)(0x10000 - StartingSegment) << 4));
        yield return new("ROM Size", SmbiosText.Size(RomSize));
        yield return new("Characteristics", CharacteristicNames());
        yield return new("BIOS Revision", Revision);
        yield return new("Firmware Revision", EmbeddedControllerRevision);
    }

    private string? CharacteristicNames()
    {
        string?[] parts =
        [
            SmbiosText.Bits(s_characteristics, Characteristics & 0xFFFF_FFF8),
            SmbiosText.Bits(s_extension1, Structure.Byte(0x12)),
            SmbiosText.Bits(s_extension2, Structure.Byte(0x13)),
        ];
        string text = string.Join(", ", parts.Where(p => p is not null and not "None"));
        return text.Length == 0 ? null : text;
    }

    private string? Pair(int offset) => Structure.Byte(offset) is { } major and not 0xFF && Structure.Byte(offset + 1) is { } minor and not 0xFF
        ? string.Create(CultureInfo.InvariantCulture, $"{major}.{minor}")
        : null;
}
