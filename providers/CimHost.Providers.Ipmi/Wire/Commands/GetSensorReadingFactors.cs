using CimHost.Providers.Ipmi.Wire.Sensors;
using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Ipmi.Wire.Commands;

/// <summary>Get Sensor Reading Factors (IPMI 2.0 §35.5): the factors of a non-linear sensor for one raw reading.</summary>
internal static class GetSensorReadingFactors
{
    public static IpmiRequest Request(byte sensorNumber, byte lun, byte reading) => new(NetworkFunction.SensorEvent, 0x23, new[] { sensorNumber, reading }, lun);

    /// <summary>Reads the next-reading byte and the factors.</summary>
    public static bool TryRead(ReadOnlySpan<byte> data, out byte nextReading, out SensorFactors factors)
    {
        nextReading = data.Length < 7 ? (byte)0 : data[0];
        factors = data.Length < 7 ? default : SensorFactors.Read(data.Slice(1, 6));
        return data.Length >= 7;
    }
}
