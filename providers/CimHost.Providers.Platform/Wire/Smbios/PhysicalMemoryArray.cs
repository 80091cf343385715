namespace CimHost.Providers.Platform.Wire.Smbios;

/// <summary>Physical Memory Array, type 16 (DSP0134 §7.17): the sockets that make one memory.</summary>
internal sealed class PhysicalMemoryArray : SmbiosRecord
{
    private const int ShortestLength = 0x0F;
    private const uint SeeExtended = 0x8000_0000;
    private const int FirstAddOn = 0xA0;

    private static readonly string?[] s_locations =
    [
        "Other", "Unknown", "System Board Or Motherboard", "ISA Add-on Card", "EISA Add-on Card", "PCI Add-on Card", "MCA Add-on Card",
        "PCMCIA Add-on Card", "Proprietary Add-on Card", "NuBus",
    ];

    private static readonly string?[] s_addOnLocations =
        ["PC-98/C20 Add-on Card", "PC-98/C24 Add-on Card", "PC-98/E Add-on Card", "PC-98/Local Bus Add-on Card", "CXL Add-on Card"];

    private static readonly string?[] s_uses = ["Other", "Unknown", "System Memory", "Video Memory", "Flash Memory", "Non-volatile RAM", "Cache Memory"];

    private static readonly string?[] s_errorCorrections = ["Other", "Unknown", "None", "Parity", "Single-bit ECC", "Multi-bit ECC", "CRC"];

    private PhysicalMemoryArray(SmbiosStructure structure)
        : base(structure)
    {
    }

    /// <inheritdoc/>
    public override string TypeName => "Physical Memory Array";

    /// <inheritdoc/>
    public override string? Label => "Memory array";

    public byte Location => Structure.Formatted[0x04];

    /// <summary>What the memory is for: 3 is the system's memory.</summary>
    public byte Use => Structure.Formatted[0x05];

    public byte ErrorCorrection => Structure.Formatted[0x06];

    /// <summary>Largest capacity in bytes.</summary>
    public ulong MaximumCapacity => Structure.DWord(0x07) is { } kilobytes and not SeeExtended ? (ulong)kilobytes << 10 : Structure.QWord(0x0F) ?? 0;

    /// <summary>Number of sockets.</summary>
    public ushort DeviceCount => Structure.Word(0x0D) ?? 0;

    /// <summary>Error correction in words.</summary>
    public string? ErrorCorrectionName => SmbiosText.Name(s_errorCorrections, ErrorCorrection);

    public static string? TryRead(SmbiosStructure structure, out SmbiosRecord? record) =>
        SmbiosRecords.Require(structure, ShortestLength, static s => new PhysicalMemoryArray(s), out record);

    /// <inheritdoc/>
    public override IEnumerable<SmbiosField> Fields()
    {
        yield return new("Location", Location >= FirstAddOn ? SmbiosText.Name(s_addOnLocations, Location, FirstAddOn) : SmbiosText.Name(s_locations, Location));
        yield return new("Use", SmbiosText.Name(s_uses, Use));
        yield return new("Error Correction Type", ErrorCorrectionName);
        yield return new("Maximum Capacity", SmbiosText.Size(MaximumCapacity));
        yield return new("Error Information Handle", Structure.Word(0x0B) switch { 0xFFFE => "Not Provided", 0xFFFF => "No Error", var handle => SmbiosText.Handle(handle) });
        yield return new("Number Of Devices", SmbiosText.Number(DeviceCount, string.Empty));
    }
}
