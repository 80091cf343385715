using System.Globalization;

namespace CimHost.Providers.Platform.Wire.Smbios;

/// <summary>Memory Array Mapped Address, type 19 (DSP0134 §7.20), and Memory Device Mapped Address, type 20 (§7.21).</summary>
internal sealed class MappedAddress : SmbiosRecord
{
    private const byte OfArrayType = 19;
    private const int ShortestOfArray = 0x0F;
    private const int ShortestOfDevice = 0x13;
    private const uint SeeExtended = 0xFFFF_FFFF;

    private MappedAddress(SmbiosStructure structure)
        : base(structure)
    {
    }

    /// <inheritdoc/>
    public override string TypeName => IsOfArray ? "Memory Array Mapped Address" : "Memory Device Mapped Address";

    /// <summary>True for the range of an array, false for that of a device.</summary>
    public bool IsOfArray => Structure.Type == OfArrayType;

    /// <summary>First address in bytes.</summary>
    public ulong Start => Structure.DWord(0x04) is { } kilobytes and not SeeExtended ? (ulong)kilobytes << 10 : Structure.QWord(ExtendedAt) ?? 0;

    /// <summary>Last address in bytes.</summary>
    public ulong End => Structure.DWord(0x08) is { } kilobytes && Structure.DWord(0x04) is not SeeExtended
        ? ((ulong)kilobytes << 10) + 1023
        : Structure.QWord(ExtendedAt + 8) ?? 0;

    /// <summary>Handle of the array, or of the device.</summary>
    public ushort MappedHandle => Structure.Word(0x0C) ?? 0xFFFF;

    private int ExtendedAt => IsOfArray ? 0x0F : 0x13;

    public static string? TryRead(SmbiosStructure structure, out SmbiosRecord? record)
    {
        record = null;
        int shortest = structure.Type == OfArrayType ? ShortestOfArray : ShortestOfDevice;
        if (structure.Length < shortest)
        {
            return $"it has {structure.Length} bytes and needs at least {shortest}";
        }

        var address = new MappedAddress(structure);
        if (structure.DWord(0x04) == SeeExtended && structure.Length < address.ExtendedAt + 16)
        {
            return "its addresses are said to be in fields that it is too short for";
        }

        if (address.End < address.Start)
        {
            return "its range ends before it starts";
        }

        record = address;
        return null;
    }

    /// <inheritdoc/>
    public override IEnumerable<SmbiosField> Fields()
    {
        yield return new("Starting Address", Address(Start));
        yield return new("Ending Address", Address(End));
        yield return new("Range Size", SmbiosText.Size(End - Start + 1));
        if (IsOfArray)
        {
            yield return new("Physical Array Handle", SmbiosText.Handle(MappedHandle));
            yield return new("Partition Width", SmbiosText.Number(Structure.Byte(0x0E), string.Empty));
            yield break;
        }

        yield return new("Physical Device Handle", SmbiosText.Handle(MappedHandle));
        yield return new("Memory Array Mapped Address Handle", SmbiosText.Hex(Structure.Word(0x0E), 4));
        yield return new("Partition Row Position", SmbiosText.Number(Structure.Byte(0x10), string.Empty, 0xFF));
        yield return new("Interleave Position", SmbiosText.Number(Structure.Byte(0x11), string.Empty, 0, 0xFF));
        yield return new("Interleaved Data Depth", SmbiosText.Number(Structure.Byte(0x12), string.Empty, 0, 0xFF));
    }

    private static string Address(ulong address) => "0x" + address.ToString("X11", CultureInfo.InvariantCulture);
}
