using System.Buffers.Binary;
using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Ipmi.Wire.Commands;

/// <summary>Get SDR Repository Info (IPMI 2.0 §33.9).</summary>
/// <param name="Version">SDR version, BCD low digit first (51h is 1.5).</param>
/// <param name="RecordCount">Number of records.</param>
/// <param name="FreeSpace">Free bytes.</param>
/// <param name="LastAddition">Timestamp of the last addition.</param>
/// <param name="LastErase">Timestamp of the last erase.</param>
/// <param name="Support">Operation support bits; bit 1: Reserve SDR Repository is there.</param>
internal sealed record GetSdrRepositoryInfo(byte Version, ushort RecordCount, ushort FreeSpace, uint LastAddition, uint LastErase, byte Support)
{
    public static IpmiRequest Request { get; } = new(NetworkFunction.Storage, 0x20);

    public bool CanReserve => (Support & 0x02) != 0;

    public static bool TryRead(ReadOnlySpan<byte> data, out GetSdrRepositoryInfo? result)
    {
        result = data.Length < 14 ? null : new GetSdrRepositoryInfo(
            data[0],
            BinaryPrimitives.ReadUInt16LittleEndian(data[1..]),
            BinaryPrimitives.ReadUInt16LittleEndian(data[3..]),
            BinaryPrimitives.ReadUInt32LittleEndian(data[5..]),
            BinaryPrimitives.ReadUInt32LittleEndian(data[9..]),
            data[13]);
        return result is not null;
    }
}
