using System.Buffers.Binary;

namespace CimHost.Providers.Ipmi.Wire.Fru;

/// <summary>DC output, multi-record type 01h (FRU definition §18.2). Millivolts and milliamperes.</summary>
internal sealed record FruDcOutput(int Number, bool Standby, int NominalVoltage, int NegativeDeviation, int PositiveDeviation, int Ripple, int MinimumCurrent, int MaximumCurrent)
{
    private const int Length = 13;

    public static bool TryRead(ReadOnlySpan<byte> data, out FruDcOutput? output)
    {
        output = data.Length < Length ? null : new FruDcOutput(
            data[0] & 0x0F,
            (data[0] & 0x80) != 0,
            BinaryPrimitives.ReadInt16LittleEndian(data[1..]) * 10,
            BinaryPrimitives.ReadInt16LittleEndian(data[3..]) * 10,
            BinaryPrimitives.ReadInt16LittleEndian(data[5..]) * 10,
            BinaryPrimitives.ReadUInt16LittleEndian(data[7..]),
            BinaryPrimitives.ReadUInt16LittleEndian(data[9..]),
            BinaryPrimitives.ReadUInt16LittleEndian(data[11..]));
        return output is not null;
    }
}
