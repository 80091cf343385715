namespace CimHost.Providers.Platform.Wire.Smbios;

/// <summary>Cache Information, type 7 (DSP0134 §7.8).</summary>
internal sealed class CacheInformation : SmbiosRecord
{
    private const int ShortestLength = 0x0F;

    private static readonly string?[] s_modes = ["Write Through", "Write Back", "Varies With Memory Address", "Unknown"];

    private static readonly string?[] s_locations = ["Internal", "External", null, "Unknown"];

    private static readonly string?[] s_sramTypes = ["Other", "Unknown", "Non-burst", "Burst", "Pipeline Burst", "Synchronous", "Asynchronous"];

    private static readonly string?[] s_errorCorrections = ["Other", "Unknown", "None", "Parity", "Single-bit ECC", "Multi-bit ECC"];

    private static readonly string?[] s_systemTypes = ["Other", "Unknown", "Instruction", "Data", "Unified"];

    private static readonly string?[] s_associativities =
    [
        "Other", "Unknown", "Direct Mapped", "2-way Set-associative", "4-way Set-associative", "Fully Associative", "8-way Set-associative",
        "16-way Set-associative", "12-way Set-associative", "24-way Set-associative", "32-way Set-associative", "48-way Set-associative",
        "64-way Set-associative", "20-way Set-associative",
    ];

    private CacheInformation(SmbiosStructure structure)
        : base(structure)
    {
    }

    /// <inheritdoc/>
    public override string TypeName => "Cache Information";

    /// <inheritdoc/>
    public override string? Label => SocketDesignation;

    public string? SocketDesignation => Structure.Text(0x04);

    /// <summary>Level, from 1.</summary>
    public int Level => (Configuration & 0x07) + 1;

    public bool IsEnabled => (Configuration & 0x80) != 0;

    /// <summary>Installed size in bytes.</summary>
    public ulong InstalledSize => SizeAt(0x09, 0x17);

    /// <summary>Largest size in bytes.</summary>
    public ulong MaximumSize => SizeAt(0x07, 0x13);

    public byte? ErrorCorrection => Structure.Byte(0x10);

    /// <summary>What is cached: 3 instructions, 4 data, 5 both.</summary>
    public byte? SystemType => Structure.Byte(0x11);

    public byte? Associativity => Structure.Byte(0x12);

    private ushort Configuration => Structure.Word(0x05) ?? 0;

    /// <summary>Name of the error correction; null when not told.</summary>
    public string? ErrorCorrectionName => SmbiosText.Name(s_errorCorrections, ErrorCorrection);

    /// <summary>What is cached in words; null when not told.</summary>
    public string? SystemTypeName => SmbiosText.Name(s_systemTypes, SystemType);

    /// <summary>Associativity in words; null when not told.</summary>
    public string? AssociativityName => SmbiosText.Name(s_associativities, Associativity);

    /// <summary>How writes go through, in words.</summary>
    public string? OperationalMode => SmbiosText.Name(s_modes, Configuration >> 8 & 3, first: 0);

    public static string? TryRead(SmbiosStructure structure, out SmbiosRecord? record) =>
        SmbiosRecords.Require(structure, ShortestLength, static s => new CacheInformation(s), out record);

    /// <inheritdoc/>
    public override IEnumerable<SmbiosField> Fields()
    {
        string socketed = (Configuration & 0x08) != 0 ? "Socketed" : "Not Socketed";
        yield return new("Socket Designation", SocketDesignation);
        yield return new("Configuration", $"{(IsEnabled ? "Enabled" : "Disabled")}, {socketed}, Level {Level}");
        yield return new("Operational Mode", OperationalMode);
        yield return new("Location", SmbiosText.Name(s_locations, Configuration >> 5 & 3, first: 0));
        yield return new("Installed Size", SmbiosText.Size(InstalledSize));
        yield return new("Maximum Size", SmbiosText.Size(MaximumSize));
        yield return new("Supported SRAM Types", SmbiosText.Bits(s_sramTypes, Structure.Word(0x0B)));
        yield return new("Installed SRAM Type", SmbiosText.Bits(s_sramTypes, Structure.Word(0x0D)));
        yield return new("Speed", SmbiosText.Number(Structure.Byte(0x0F), "ns", 0));
        yield return new("Error Correction Type", ErrorCorrectionName);
        yield return new("System Type", SystemTypeName);
        yield return new("Associativity", AssociativityName);
    }

    // Bit 15 (31) set: in units of 64 KiB, else of 1 KiB. FFFFh in the word sends to the double word of version 3.1.
    private ulong SizeAt(int wordAt, int dwordAt)
    {
        ushort size = Structure.Word(wordAt) ?? 0;
        return size == 0xFFFF && Structure.DWord(dwordAt) is { } large
            ? (ulong)(large & 0x7FFF_FFFF) << ((large & 0x8000_0000) != 0 ? 16 : 10)
            : (ulong)(size & 0x7FFF) << ((size & 0x8000) != 0 ? 16 : 10);
    }
}
