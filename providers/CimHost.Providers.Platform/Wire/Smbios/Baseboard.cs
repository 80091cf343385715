using System.Globalization;

namespace CimHost.Providers.Platform.Wire.Smbios;

/// <summary>Baseboard (or module) information, type 2 (DSP0134 §7.3).</summary>
internal sealed class Baseboard : SmbiosRecord
{
    private const int ShortestLength = 0x08;
    private const int HandlesAt = 0x0F;

    private static readonly string?[] s_types =
    [
        "Unknown", "Other", "Server Blade", "Connectivity Switch", "System Management Module", "Processor Module", "I/O Module", "Memory Module",
        "Daughter Board", "Motherboard", "Processor+Memory Module", "Processor+I/O Module", "Interconnect Board",
    ];

    private static readonly string?[] s_features =
    [
        "Board is a hosting board", "Board requires at least one daughter board", "Board is removable", "Board is replaceable",
        "Board is hot swappable",
    ];

    private Baseboard(SmbiosStructure structure)
        : base(structure)
    {
    }

    /// <inheritdoc/>
    public override string TypeName => "Base Board Information";

    /// <inheritdoc/>
    public override string? Label => LocationInChassis ?? Product;

    /// <inheritdoc/>
    public override string? LongLabel => LocationInChassis is { } location && Product is { } product ? $"{location}/{product}" : null;

    public string? Manufacturer => Structure.Text(0x04);

    public string? Product => Structure.Text(0x05);

    public string? Version => Structure.Text(0x06);

    public string? SerialNumber => Structure.Text(0x07);

    public string? AssetTag => Structure.Text(0x08);

    /// <summary>Bits: 0 hosting board, 1 needs a daughter board, 2 removable, 3 replaceable, 4 hot swappable.</summary>
    public byte Features => Structure.Byte(0x09) ?? 0;

    public string? LocationInChassis => Structure.Text(0x0A);

    public ushort? ChassisHandle => Structure.Word(0x0B);

    /// <summary>Kind of board: 10 is a motherboard.</summary>
    public byte? BoardType => Structure.Byte(0x0D);

    /// <summary>Handles of what is on the board.</summary>
    public IEnumerable<ushort> ContainedHandles =>
        Enumerable.Range(0, Structure.Byte(0x0E) ?? 0).Select(i => Structure.Word(HandlesAt + (2 * i)) ?? 0xFFFF);

    public static string? TryRead(SmbiosStructure structure, out SmbiosRecord? record)
    {
        int handles = structure.Byte(0x0E) ?? 0;
        if (HandlesAt + (2 * handles) > structure.Length && handles > 0)
        {
            record = null;
            return $"it announces {handles} contained objects and has {structure.Length} bytes in all";
        }

        return SmbiosRecords.Require(structure, ShortestLength, static s => new Baseboard(s), out record);
    }

    /// <summary>Name of the kind of board; null when not told.</summary>
    public string? BoardTypeName => SmbiosText.Name(s_types, BoardType);

    /// <inheritdoc/>
    public override IEnumerable<SmbiosField> Fields()
    {
        yield return new("Manufacturer", Manufacturer);
        yield return new("Product Name", Product);
        yield return new("Version", Version);
        yield return new("Serial Number", SerialNumber);
        yield return new("Asset Tag", AssetTag);
        yield return new("Features", SmbiosText.Bits(s_features, Structure.Byte(0x09)));
        yield return new("Location In Chassis", LocationInChassis);
        yield return new("Chassis Handle", SmbiosText.Handle(ChassisHandle));
        yield return new("Type", BoardTypeName);
        yield return new("Contained Object Handles", Structure.Byte(0x0E) is { } count
            ? string.Join(", ", ContainedHandles.Select(h => SmbiosText.Hex(h, 4)).Prepend(count.ToString(CultureInfo.InvariantCulture)))
            : null);
    }
}
