using System.Globalization;

namespace CimHost.Providers.Platform.Wire.Smbios;

/// <summary>System Slots, type 9 (DSP0134 §7.10).</summary>
internal sealed class SystemSlot : SmbiosRecord
{
    private const int ShortestLength = 0x0C;
    private const int PeersAt = 0x13;
    private const int PeerLength = 5;

    private static readonly string?[] s_widths =
        ["Other", "Unknown", "8-bit", "16-bit", "32-bit", "64-bit", "128-bit", "x1", "x2", "x4", "x8", "x12", "x16", "x32"];

    private static readonly string?[] s_usages = ["Other", "Unknown", "Available", "In Use", "Unavailable"];

    private static readonly string?[] s_lengths = ["Other", "Unknown", "Short", "Long", "2.5\" drive form factor", "3.5\" drive form factor"];

    private static readonly string?[] s_characteristics =
    [
        null, "5.0 V is provided", "3.3 V is provided", "Opening is shared", "PC Card-16 is supported", "Cardbus is supported",
        "Zoom Video is supported", "Modem ring resume is supported", "PME signal is supported", "Hot-plug devices are supported",
        "SMBus signal is supported", "PCIe slot bifurcation is supported", "Async/surprise removal is supported", "Flexbus slot, CXL 1.0 capable",
        "Flexbus slot, CXL 2.0 capable", "Flexbus slot, CXL 3.0 capable",
    ];

    private SystemSlot(SmbiosStructure structure)
        : base(structure)
    {
    }

    /// <inheritdoc/>
    public override string TypeName => "System Slot Information";

    /// <inheritdoc/>
    public override string? Label => Designation;

    public string? Designation => Structure.Text(0x04);

    public byte SlotType => Structure.Formatted[0x05];

    /// <summary>Width of the data bus: 8 is x1, 13 is x16.</summary>
    public byte DataBusWidth => Structure.Formatted[0x06];

    /// <summary>Usage: 3 available, 4 in use, 5 unavailable.</summary>
    public byte CurrentUsage => Structure.Formatted[0x07];

    public byte SlotLength => Structure.Formatted[0x08];

    public ushort Id => Structure.Word(0x09) ?? 0;

    /// <summary>Both bytes of characteristics, the first in the low byte.</summary>
    public ushort Characteristics => Structure.Word(0x0B) ?? Structure.Formatted[0x0B];

    /// <summary>True when a device can be plugged in with power on.</summary>
    public bool IsHotPlug => (Characteristics & 0x0200) != 0;

    /// <summary>PCI address of the slot: "0000:3b:00.0"; null when not told or none.</summary>
    public string? BusAddress => PciAddress.Format(Structure.Word(0x0D), Structure.Byte(0x0F), Structure.Byte(0x10));

    /// <summary>PCI Express generation; null when not told.</summary>
    public byte? Generation => AfterPeers(0) is { } generation and not 0 ? generation : null;

    /// <summary>Width of the slot itself, coded as <see cref="DataBusWidth"/>; null when not told.</summary>
    public byte? PhysicalWidth => AfterPeers(1) is { } width and not 0 ? width : null;

    /// <summary>Kind of slot in words, with the width of its bus: "x16 PCI Express 4".</summary>
    public string TypeDescription => DataBusWidth is 0 or 1 or 2 ? SlotTypes.NameOf(SlotType) : $"{WidthName(DataBusWidth)} {SlotTypes.NameOf(SlotType)}";

    /// <summary>Usage in words.</summary>
    public string? UsageName => SmbiosText.Name(s_usages, CurrentUsage);

    public static string? TryRead(SmbiosStructure structure, out SmbiosRecord? record)
    {
        int peers = structure.Byte(0x12) ?? 0;
        if (peers > 0 && PeersAt + (PeerLength * peers) > structure.Length)
        {
            record = null;
            return $"it announces {peers} peer devices and has {structure.Length} bytes in all";
        }

        return SmbiosRecords.Require(structure, ShortestLength, static s => new SystemSlot(s), out record);
    }

    /// <summary>Name of a width.</summary>
    public static string? WidthName(byte? width) => SmbiosText.Name(s_widths, width);

    /// <inheritdoc/>
    public override IEnumerable<SmbiosField> Fields()
    {
        yield return new("Designation", Designation);
        yield return new("Type", TypeDescription);
        yield return new("Current Usage", UsageName);
        yield return new("Length", SmbiosText.Name(s_lengths, SlotLength));
        yield return new("ID", Id.ToString(CultureInfo.InvariantCulture));
        yield return new("Characteristics", SmbiosText.Bits(s_characteristics, Characteristics));
        yield return new("Bus Address", BusAddress);
        yield return new("Data Bus Width", SmbiosText.Number(Structure.Byte(0x11), string.Empty, 0));
        yield return new("Peer Devices", SmbiosText.Number(Structure.Byte(0x12), string.Empty));
        yield return new("PCI Express Generation", SmbiosText.Number(Generation, string.Empty));
        yield return new("Slot Physical Width", WidthName(PhysicalWidth));
        yield return new("Pitch", AfterPeers(2) is { } low && AfterPeers(3) is { } high && (high << 8 | low) is > 0 and var pitch ? $"{pitch / 100}.{pitch % 100:D2} mm" : null);
        yield return new("Height", SmbiosText.Name(["Not applicable", "Other", "Unknown", "Full height", "Low-profile"], AfterPeers(4), first: 0));
    }

    // The fields of versions 3.4 and 3.5 come after a list of as many peers as the slot has.
    private byte? AfterPeers(int offset) => Structure.Byte(0x12) is { } peers ? Structure.Byte(PeersAt + (PeerLength * peers) + offset) : null;
}
