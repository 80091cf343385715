using System.Buffers.Binary;
using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Ipmi.Wire.Commands;

/// <summary>Get Device SDR Info (IPMI 2.0 §35.2), with the count of SDRs rather than of sensors.</summary>
/// <param name="Count">Number of SDRs (or of sensors, from controllers that know only that).</param>
/// <param name="Flags">Bit 7: dynamic population.</param>
/// <param name="PopulationChange">Sensor population change indicator; 0 for a static population.</param>
internal sealed record GetDeviceSdrInfo(byte Count, byte Flags, uint PopulationChange)
{
    public static IpmiRequest Request { get; } = new(NetworkFunction.SensorEvent, 0x20, new byte[] { 0x01 });

    public static bool TryRead(ReadOnlySpan<byte> data, out GetDeviceSdrInfo? result)
    {
        result = data.Length < 2 ? null : new GetDeviceSdrInfo(data[0], data[1], data.Length >= 6 ? BinaryPrimitives.ReadUInt32LittleEndian(data[2..]) : 0);
        return result is not null;
    }
}
