using System.Globalization;

namespace CimHost.Providers.Platform.Wire.Smbios;

/// <summary>Processor Information, type 4 (DSP0134 §7.5): one per socket, populated or not.</summary>
internal sealed class ProcessorInformation : SmbiosRecord
{
    private const int ShortestLength = 0x1A;

    private static readonly string?[] s_types = ["Other", "Unknown", "Central Processor", "Math Processor", "DSP Processor", "Video Processor"];

    private static readonly string?[] s_statuses =
        ["Unknown", "Enabled", "Disabled By User", "Disabled By BIOS", "Idle", null, null, "Other"];

    private static readonly string?[] s_characteristics =
    [
        null, null, "64-bit capable", "Multi-Core", "Hardware Thread", "Execute Protection", "Enhanced Virtualization",
        "Power/Performance Control", "128-bit Capable", "Arm64 SoC ID",
    ];

    private static readonly decimal[] s_voltages = [5.0m, 3.3m, 2.9m];

    private ProcessorInformation(SmbiosStructure structure)
        : base(structure)
    {
    }

    /// <inheritdoc/>
    public override string TypeName => "Processor Information";

    /// <inheritdoc/>
    public override string? Label => SocketDesignation;

    public string? SocketDesignation => Structure.Text(0x04);

    /// <summary>Role: 3 is a central processor.</summary>
    public byte ProcessorType => Structure.Formatted[0x05];

    /// <summary>Family, from the second field where the first refers to it (FEh).</summary>
    public ushort Family => Structure.Byte(0x06) == 0xFE && Structure.Word(0x28) is { } family ? family : Structure.Formatted[0x06];

    public string? Manufacturer => Structure.Text(0x07);

    public ulong ProcessorId => Structure.QWord(0x08) ?? 0;

    public string? Version => Structure.Text(0x10);

    /// <summary>Voltages that the socket may have, in volts.</summary>
    public IReadOnlyList<decimal> Voltages => Structure.Formatted[0x11] is var value && (value & 0x80) != 0
        ? [(value & 0x7F) / 10m]
        : [.. s_voltages.Where((_, bit) => (value >> bit & 1) != 0)];

    /// <summary>Clock outside of the processor in MHz; 0 when unknown.</summary>
    public ushort ExternalClock => Structure.Word(0x12) ?? 0;

    /// <summary>Highest clock that the system takes in this socket, in MHz; 0 when unknown.</summary>
    public ushort MaxSpeed => Structure.Word(0x14) ?? 0;

    /// <summary>Clock at boot, in MHz; 0 when unknown.</summary>
    public ushort CurrentSpeed => Structure.Word(0x16) ?? 0;

    /// <summary>True when there is a processor in the socket.</summary>
    public bool IsPopulated => (Structure.Formatted[0x18] & 0x40) != 0;

    /// <summary>Status: 1 enabled, 2 and 3 disabled by the user and by the firmware, 4 idle.</summary>
    public byte Status => (byte)(Structure.Formatted[0x18] & 0x07);

    /// <summary>Kind of socket.</summary>
    public byte Upgrade => Structure.Formatted[0x19];

    public ushort? L1CacheHandle => Structure.Word(0x1A);

    public ushort? L2CacheHandle => Structure.Word(0x1C);

    public ushort? L3CacheHandle => Structure.Word(0x1E);

    public string? SerialNumber => Structure.Text(0x20);

    public string? AssetTag => Structure.Text(0x21);

    public string? PartNumber => Structure.Text(0x22);

    /// <summary>Cores in the processor; null when not told or unknown.</summary>
    public ushort? CoreCount => Count(0x23, 0x2A);

    /// <summary>Cores that the firmware enabled; null when not told or unknown.</summary>
    public ushort? CoreEnabled => Count(0x24, 0x2C);

    /// <summary>Hardware threads in the processor; null when not told or unknown.</summary>
    public ushort? ThreadCount => Count(0x25, 0x2E);

    /// <summary>Hardware threads that the firmware enabled; null when not told or unknown.</summary>
    public ushort? ThreadEnabled => Structure.Word(0x30) is { } count and not 0 and not 0xFFFF ? count : null;

    public ushort? Characteristics => Structure.Word(0x26);

    /// <summary>Name of the socket's type, where Upgrade has no number for it (3.8).</summary>
    public string? SocketType => Structure.Text(0x32);

    public static string? TryRead(SmbiosStructure structure, out SmbiosRecord? record) =>
        SmbiosRecords.Require(structure, ShortestLength, static s => new ProcessorInformation(s), out record);

    /// <inheritdoc/>
    public override IEnumerable<SmbiosField> Fields()
    {
        yield return new("Socket Designation", SocketDesignation);
        yield return new("Type", SmbiosText.Name(s_types, ProcessorType));
        yield return new("Family", ProcessorFamily.NameOf(Family));
        yield return new("Manufacturer", Manufacturer);
        yield return new("ID", string.Join(' ', Structure.Formatted.Slice(0x08, 8).ToArray().Select(b => b.ToString("X2", CultureInfo.InvariantCulture))));
        yield return new("Version", Version);
        yield return new("Voltage", Voltages.Count == 0 ? null : string.Join(' ', Voltages.Select(v => string.Create(CultureInfo.InvariantCulture, $"{v:0.0} V"))));
        yield return new("External Clock", SmbiosText.Number(ExternalClock, "MHz", 0));
        yield return new("Max Speed", SmbiosText.Number(MaxSpeed, "MHz", 0));
        yield return new("Current Speed", SmbiosText.Number(CurrentSpeed, "MHz", 0));
        yield return new("Status", IsPopulated ? "Populated, " + SmbiosText.Name(s_statuses, Status, first: 0) : "Unpopulated");
        yield return new("Upgrade", SmbiosText.Name(ProcessorUpgrade.Names, Upgrade));
        yield return new("L1 Cache Handle", SmbiosText.Handle(L1CacheHandle));
        yield return new("L2 Cache Handle", SmbiosText.Handle(L2CacheHandle));
        yield return new("L3 Cache Handle", SmbiosText.Handle(L3CacheHandle));
        yield return new("Serial Number", SerialNumber);
        yield return new("Asset Tag", AssetTag);
        yield return new("Part Number", PartNumber);
        yield return new("Core Count", SmbiosText.Number(CoreCount, string.Empty));
        yield return new("Core Enabled", SmbiosText.Number(CoreEnabled, string.Empty));
        yield return new("Thread Count", SmbiosText.Number(ThreadCount, string.Empty));
        yield return new("Thread Enabled", SmbiosText.Number(ThreadEnabled, string.Empty));
        yield return new("Characteristics", SmbiosText.Bits(s_characteristics, Characteristics));
        yield return new("Socket Type", SocketType);
    }

    // The byte is 0 for unknown and FFh for "see the word", which there is from version 3.0 on.
    private ushort? Count(int byteAt, int wordAt) => Structure.Byte(byteAt) switch
    {
        null or 0 => null,
        0xFF => Structure.Word(wordAt) is { } count ? count is 0 or 0xFFFF ? null : count : 0xFF,
        { } count => count,
    };
}
