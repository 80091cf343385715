using System.Buffers.Binary;

namespace CimHost.Providers.Platform.Wire.Smbios;

/// <summary>
/// One structure of an SMBIOS table (DSP0134 §6.1): the formatted area, whose length tells which fields there are, and the strings behind it.
/// A field beyond the length is null: older versions of the specification do not have it.
/// </summary>
internal sealed class SmbiosStructure(byte[] formatted, IReadOnlyList<string> strings)
{
    /// <summary>Length of the header that every structure has.</summary>
    public const int HeaderLength = 4;

    /// <summary>Type of the structure.</summary>
    public byte Type => formatted[0];

    /// <summary>Length of the formatted area, header included.</summary>
    public int Length => formatted.Length;

    /// <summary>Handle by which other structures refer to this one.</summary>
    public ushort Handle => BinaryPrimitives.ReadUInt16LittleEndian(formatted.AsSpan(2));

    /// <summary>The formatted area, header included.</summary>
    public ReadOnlySpan<byte> Formatted => formatted;

    /// <summary>The strings, in their order; string number 1 is the first.</summary>
    public IReadOnlyList<string> Strings => strings;

    /// <summary>A byte; null beyond the length.</summary>
    public byte? Byte(int offset) => offset < formatted.Length ? formatted[offset] : null;

    /// <summary>Two bytes, little-endian; null beyond the length.</summary>
    public ushort? Word(int offset) => offset + 2 <= formatted.Length ? BinaryPrimitives.ReadUInt16LittleEndian(formatted.AsSpan(offset)) : null;

    /// <summary>Four bytes, little-endian; null beyond the length.</summary>
    public uint? DWord(int offset) => offset + 4 <= formatted.Length ? BinaryPrimitives.ReadUInt32LittleEndian(formatted.AsSpan(offset)) : null;

    /// <summary>Eight bytes, little-endian; null beyond the length.</summary>
    public ulong? QWord(int offset) => offset + 8 <= formatted.Length ? BinaryPrimitives.ReadUInt64LittleEndian(formatted.AsSpan(offset)) : null;

    /// <summary>The string whose number stands at the offset; null for number 0, a number that no string has, and beyond the length.</summary>
    public string? Text(int offset) => Byte(offset) is { } number and > 0 && number <= strings.Count ? strings[number - 1] : null;
}
