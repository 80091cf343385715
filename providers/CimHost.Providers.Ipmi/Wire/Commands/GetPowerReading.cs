using System.Buffers.Binary;
using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Ipmi.Wire.Commands;

/// <summary>Get Power Reading of DCMI (DCMI 1.5 §6.6.1), the power of the system in watts.</summary>
/// <param name="Current">Power now; meaningless unless <see cref="IsActive"/>.</param>
/// <param name="Minimum">Least power in the period.</param>
/// <param name="Maximum">Most power in the period.</param>
/// <param name="Average">Average power over the period.</param>
/// <param name="Timestamp">Time of the controller, seconds since 1970.</param>
/// <param name="PeriodMilliseconds">Length of the period.</param>
/// <param name="State">Bit 6: power is measured.</param>
internal readonly record struct GetPowerReading(ushort Current, ushort Minimum, ushort Maximum, ushort Average, uint Timestamp, uint PeriodMilliseconds, byte State)
{
    private const byte Dcmi = 0xDC;
    private const byte SystemPower = 1;
    private const int Length = 18;

    public static IpmiRequest Request { get; } = new(NetworkFunction.GroupExtension, 0x02, new byte[] { Dcmi, SystemPower, 0, 0 });

    public bool IsActive => (State & 0x40) != 0;

    public static bool TryRead(ReadOnlySpan<byte> data, out GetPowerReading result)
    {
        result = default;
        if (data.Length < Length || data[0] != Dcmi)
        {
            return false;
        }

        result = new GetPowerReading(
            BinaryPrimitives.ReadUInt16LittleEndian(data[1..]),
            BinaryPrimitives.ReadUInt16LittleEndian(data[3..]),
            BinaryPrimitives.ReadUInt16LittleEndian(data[5..]),
            BinaryPrimitives.ReadUInt16LittleEndian(data[7..]),
            BinaryPrimitives.ReadUInt32LittleEndian(data[9..]),
            BinaryPrimitives.ReadUInt32LittleEndian(data[13..]),
            data[17]);
        return true;
    }
}
