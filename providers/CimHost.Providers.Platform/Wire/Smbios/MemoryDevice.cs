using System.Globalization;

namespace CimHost.Providers.Platform.Wire.Smbios;

/// <summary>Memory Device, type 17 (DSP0134 §7.18): a socket for a memory module and the module in it.</summary>
internal sealed class MemoryDevice : SmbiosRecord
{
    private const int ShortestLength = 0x15;
    private const ulong Unknown64 = ulong.MaxValue;

    private static readonly string?[] s_formFactors =
    [
        "Other", "Unknown", "SIMM", "SIP", "Chip", "DIP", "ZIP", "Proprietary Card", "DIMM", "TSOP", "Row Of Chips", "RIMM", "SODIMM",
        "SRIMM", "FB-DIMM", "Die", "CAMM",
    ];

    private static readonly string?[] s_types =
    [
        "Other", "Unknown", "DRAM", "EDRAM", "VRAM", "SRAM", "RAM", "ROM", "Flash", "EEPROM", "FEPROM", "EPROM", "CDRAM", "3DRAM", "SDRAM",
        "SGRAM", "RDRAM", "DDR", "DDR2", "DDR2 FB-DIMM", null, null, null, "DDR3", "FBD2", "DDR4", "LPDDR", "LPDDR2", "LPDDR3", "LPDDR4",
        "Logical non-volatile device", "HBM", "HBM2", "DDR5", "LPDDR5", "HBM3",
    ];

    private static readonly string?[] s_details =
    [
        null, "Other", "Unknown", "Fast-paged", "Static Column", "Pseudo-static", "RAMBus", "Synchronous", "CMOS", "EDO", "Window DRAM",
        "Cache DRAM", "Non-Volatile", "Registered (Buffered)", "Unbuffered (Unregistered)", "LRDIMM",
    ];

    private static readonly string?[] s_technologies =
        ["Other", "Unknown", "DRAM", "NVDIMM-N", "NVDIMM-F", "NVDIMM-P", "Intel Optane DC persistent memory", "MRDIMM"];

    private static readonly string?[] s_modes =
        [null, "Other", "Unknown", "Volatile memory", "Byte-accessible persistent memory", "Block-accessible persistent memory"];

    private MemoryDevice(SmbiosStructure structure)
        : base(structure)
    {
    }

    /// <inheritdoc/>
    public override string TypeName => "Memory Device";

    /// <inheritdoc/>
    public override string? Label => DeviceLocator;

    /// <inheritdoc/>
    public override string? LongLabel => BankLocator is { } bank ? $"{bank}/{DeviceLocator}" : null;

    public ushort ArrayHandle => Structure.Word(0x04) ?? 0xFFFF;

    /// <summary>Handle of the error information: FFFEh not provided, FFFFh no error.</summary>
    public ushort ErrorHandle => Structure.Word(0x06) ?? 0xFFFE;

    /// <summary>Bits of a word with its check bits; null when unknown.</summary>
    public ushort? TotalWidth => Structure.Word(0x08) is { } width and not 0xFFFF ? width : null;

    /// <summary>Bits of data in a word; null when unknown.</summary>
    public ushort? DataWidth => Structure.Word(0x0A) is { } width and not 0xFFFF ? width : null;

    /// <summary>True when a module is in the socket, of known size or not.</summary>
    public bool IsPopulated => Structure.Word(0x0C) is not 0;

    /// <summary>Size in bytes; 0 for an empty socket, null when unknown.</summary>
    public ulong? Size => Structure.Word(0x0C) switch
    {
        null or 0xFFFF => null,
        0x7FFF when Structure.DWord(0x1C) is { } megabytes => (ulong)(megabytes & 0x7FFF_FFFF) << 20,
        { } size when (size & 0x8000) != 0 => (ulong)(size & 0x7FFF) << 10,
        { } size => (ulong)size << 20,
    };

    public byte FormFactor => Structure.Formatted[0x0E];

    /// <summary>Set of devices that must be alike: 0 none, 255 unknown.</summary>
    public byte DeviceSet => Structure.Formatted[0x0F];

    public string? DeviceLocator => Structure.Text(0x10);

    public string? BankLocator => Structure.Text(0x11);

    public byte MemoryType => Structure.Formatted[0x12];

    public ushort TypeDetail => Structure.Word(0x13) ?? 0;

    /// <summary>Highest speed in megatransfers per second; null when unknown.</summary>
    public uint? Speed => SpeedAt(0x15, 0x54);

    public string? Manufacturer => Structure.Text(0x17);

    public string? SerialNumber => Structure.Text(0x18);

    public string? AssetTag => Structure.Text(0x19);

    public string? PartNumber => Structure.Text(0x1A);

    /// <summary>Ranks; null when unknown.</summary>
    public byte? Rank => Structure.Byte(0x1B) is { } attributes && (attributes & 0x0F) != 0 ? (byte)(attributes & 0x0F) : null;

    /// <summary>Speed at which it runs in megatransfers per second; null when unknown.</summary>
    public uint? ConfiguredSpeed => SpeedAt(0x20, 0x58);

    /// <summary>Voltages in millivolts; null when unknown.</summary>
    public ushort? MinimumVoltage => Voltage(0x22);

    /// <inheritdoc cref="MinimumVoltage"/>
    public ushort? MaximumVoltage => Voltage(0x24);

    /// <inheritdoc cref="MinimumVoltage"/>
    public ushort? ConfiguredVoltage => Voltage(0x26);

    public byte? Technology => Structure.Byte(0x28);

    public string? FirmwareVersion => Structure.Text(0x2B);

    /// <summary>Bytes of the module that keep their content without power; null when unknown.</summary>
    public ulong? NonVolatileSize => SizeAt(0x34);

    /// <summary>Bytes of the module that lose their content without power; null when unknown.</summary>
    public ulong? VolatileSize => SizeAt(0x3C);

    public static string? TryRead(SmbiosStructure structure, out SmbiosRecord? record) =>
        SmbiosRecords.Require(structure, ShortestLength, static s => new MemoryDevice(s), out record);

    /// <summary>Name of the kind of memory: "DDR4".</summary>
    public string? MemoryTypeName => SmbiosText.Name(s_types, MemoryType);

    /// <inheritdoc/>
    public override IEnumerable<SmbiosField> Fields()
    {
        yield return new("Array Handle", SmbiosText.Handle(ArrayHandle));
        yield return new("Error Information Handle", ErrorHandle switch { 0xFFFE => "Not Provided", 0xFFFF => "No Error", var handle => SmbiosText.Handle(handle) });
        yield return new("Total Width", SmbiosText.Number(TotalWidth, "bits", 0));
        yield return new("Data Width", SmbiosText.Number(DataWidth, "bits", 0));
        yield return new("Size", IsPopulated ? SmbiosText.Size(Size) : "No Module Installed");
        yield return new("Form Factor", SmbiosText.Name(s_formFactors, FormFactor));
        yield return new("Set", DeviceSet switch { 0 => "None", 0xFF => null, var set => set.ToString(CultureInfo.InvariantCulture) });
        yield return new("Locator", DeviceLocator);
        yield return new("Bank Locator", BankLocator);
        yield return new("Type", MemoryTypeName);
        yield return new("Type Detail", SmbiosText.Bits(s_details, TypeDetail));
        yield return new("Speed", SmbiosText.Number(Speed, "MT/s"));
        yield return new("Manufacturer", Manufacturer);
        yield return new("Serial Number", SerialNumber);
        yield return new("Asset Tag", AssetTag);
        yield return new("Part Number", PartNumber);
        yield return new("Rank", SmbiosText.Number(Rank, string.Empty));
        yield return new("Configured Memory Speed", SmbiosText.Number(ConfiguredSpeed, "MT/s"));
        yield return new("Minimum Voltage", SmbiosText.Thousandths(MinimumVoltage, "V"));
        yield return new("Maximum Voltage", SmbiosText.Thousandths(MaximumVoltage, "V"));
        yield return new("Configured Voltage", SmbiosText.Thousandths(ConfiguredVoltage, "V"));
        yield return new("Memory Technology", SmbiosText.Name(s_technologies, Technology));
        yield return new("Memory Operating Mode Capability", SmbiosText.Bits(s_modes, Structure.Word(0x29)));
        yield return new("Firmware Version", FirmwareVersion);
        yield return new("Module Manufacturer ID", Maker(0x2C));
        yield return new("Module Product ID", Id(0x2E));
        yield return new("Memory Subsystem Controller Manufacturer ID", Maker(0x30));
        yield return new("Memory Subsystem Controller Product ID", Id(0x32));
        yield return new("Non-Volatile Size", PartOfSize(NonVolatileSize));
        yield return new("Volatile Size", PartOfSize(VolatileSize));
        yield return new("Cache Size", PartOfSize(SizeAt(0x44)));
        yield return new("Logical Size", PartOfSize(SizeAt(0x4C)));
    }

    private static string? PartOfSize(ulong? size) => size == 0 ? "None" : SmbiosText.Size(size);

    // JEDEC JEP106: the number of continuation codes with a parity bit, and the code itself.
    private string? Maker(int offset) => Structure.Word(offset) is { } id and not 0
        ? string.Create(CultureInfo.InvariantCulture, $"Bank {(id & 0x7F) + 1}, Hex 0x{id >> 8:X2}")
        : null;

    private string? Id(int offset) => Structure.Word(offset) is { } id and not 0 ? SmbiosText.Hex(id, 4) : null;

    private ulong? SizeAt(int offset) => Structure.QWord(offset) is { } size and not Unknown64 ? size : null;

    private ushort? Voltage(int offset) => Structure.Word(offset) is { } voltage and not 0 ? voltage : null;

    // FFFFh in the word sends to the double word of version 3.3, whose top bit is reserved.
    private uint? SpeedAt(int wordAt, int dwordAt) => Structure.Word(wordAt) switch
    {
        null or 0 => null,
        0xFFFF => Structure.DWord(dwordAt) is { } speed && (speed & 0x7FFF_FFFF) != 0 ? speed & 0x7FFF_FFFF : null,
        { } speed => speed,
    };
}
