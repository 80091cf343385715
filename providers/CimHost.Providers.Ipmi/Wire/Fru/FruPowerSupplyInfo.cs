using System.Buffers.Binary;

namespace CimHost.Providers.Ipmi.Wire.Fru;

/// <summary>Power supply information, multi-record type 00h (FRU definition §18.1). Voltages in millivolts, 0 when not told.</summary>
/// <param name="CapacityWatts">Overall capacity in watts.</param>
/// <param name="LowVoltage1">Low end of input range 1.</param>
/// <param name="HighVoltage1">High end of input range 1.</param>
/// <param name="LowVoltage2">Low end of input range 2.</param>
/// <param name="HighVoltage2">High end of input range 2.</param>
/// <param name="LowFrequency">Lowest input frequency in hertz; 0 for DC.</param>
/// <param name="HighFrequency">Highest input frequency in hertz; 0 for DC.</param>
/// <param name="Flags">Bit 0 predictive failure pin, 1 power factor correction, 2 autoswitch, 3 hot swap.</param>
internal sealed record FruPowerSupplyInfo(int CapacityWatts, int LowVoltage1, int HighVoltage1, int LowVoltage2, int HighVoltage2, byte LowFrequency, byte HighFrequency, byte Flags)
{
    private const int Length = 24;

    public bool Autoswitch => (Flags & 0x04) != 0;

    public bool HotSwap => (Flags & 0x08) != 0;

    public static bool TryRead(ReadOnlySpan<byte> data, out FruPowerSupplyInfo? info)
    {
        info = data.Length < Length ? null : new FruPowerSupplyInfo(
            BinaryPrimitives.ReadUInt16LittleEndian(data) & 0x0FFF,
            BinaryPrimitives.ReadUInt16LittleEndian(data[6..]) * 10,
            BinaryPrimitives.ReadUInt16LittleEndian(data[8..]) * 10,
            BinaryPrimitives.ReadUInt16LittleEndian(data[10..]) * 10,
            BinaryPrimitives.ReadUInt16LittleEndian(data[12..]) * 10,
            data[14],
            data[15],
            data[17]);
        return info is not null;
    }
}
