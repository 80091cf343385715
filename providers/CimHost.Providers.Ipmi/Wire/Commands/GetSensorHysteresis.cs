using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Ipmi.Wire.Commands;

/// <summary>Get Sensor Hysteresis (IPMI 2.0 §35.7), in raw counts.</summary>
internal readonly record struct GetSensorHysteresis(byte PositiveGoing, byte NegativeGoing)
{
    public static IpmiRequest Request(byte sensorNumber, byte lun) => new(NetworkFunction.SensorEvent, 0x25, new byte[] { sensorNumber, 0xFF }, lun);

    public static bool TryRead(ReadOnlySpan<byte> data, out GetSensorHysteresis result)
    {
        result = data.Length < 2 ? default : new GetSensorHysteresis(data[0], data[1]);
        return data.Length >= 2;
    }
}
