using System.Buffers.Binary;

namespace CimHost.Providers.Storage.Wire.Ata;

/// <summary>An attribute as SMART data carry it: twelve bytes.</summary>
/// <param name="Id">Number of the attribute, 1 to 255.</param>
/// <param name="Flags">Bit 0 pre-failure, 1 updated online, 2 performance, 3 error rate, 4 event count, 5 self-preserving.</param>
/// <param name="Value">Normalized value; 1 to 253 when it is one.</param>
/// <param name="Worst">Lowest normalized value so far.</param>
/// <param name="Raw">The six raw bytes, the first in bits 7:0.</param>
/// <param name="Reserved">The last byte.</param>
internal readonly record struct SmartAttribute(byte Id, ushort Flags, byte Value, byte Worst, ulong Raw, byte Reserved)
{
    public const int Length = 12;

    /// <summary>True when a value at or below the threshold foretells a failure; otherwise it tells that the design life is over.</summary>
    public bool IsPrefailure => (Flags & 1) != 0;

    /// <summary>Reads an entry; false for an unused one.</summary>
    public static bool TryRead(ReadOnlySpan<byte> entry, out SmartAttribute attribute)
    {
        attribute = default;
        if (entry.Length < Length || entry[0] == 0)
        {
            return false;
        }

        ulong raw = BinaryPrimitives.ReadUInt32LittleEndian(entry[5..]) | ((ulong)BinaryPrimitives.ReadUInt16LittleEndian(entry[9..]) << 32);
        attribute = new SmartAttribute(entry[0], BinaryPrimitives.ReadUInt16LittleEndian(entry[1..]), entry[3], entry[4], raw, entry[11]);
        return true;
    }
}
