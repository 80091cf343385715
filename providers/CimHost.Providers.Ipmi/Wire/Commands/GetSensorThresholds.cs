using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Ipmi.Wire.Commands;

/// <summary>Get Sensor Thresholds (IPMI 2.0 §35.9): raw thresholds in the order of <see cref="Sensors.Threshold"/>, and which can be read.</summary>
internal readonly record struct GetSensorThresholds(byte Readable, byte LowerNonCritical, byte LowerCritical, byte LowerNonRecoverable, byte UpperNonCritical, byte UpperCritical, byte UpperNonRecoverable)
{
    public static IpmiRequest Request(byte sensorNumber, byte lun) => new(NetworkFunction.SensorEvent, 0x27, new[] { sensorNumber }, lun);

    /// <summary>Raw threshold; null when it cannot be read.</summary>
    public byte? this[int index] => (Readable & (1 << index)) == 0 ? null : index switch
    {
        0 => LowerNonCritical,
        1 => LowerCritical,
        2 => LowerNonRecoverable,
        3 => UpperNonCritical,
        4 => UpperCritical,
        _ => UpperNonRecoverable,
    };

    public static bool TryRead(ReadOnlySpan<byte> data, out GetSensorThresholds result)
    {
        result = data.Length < 7 ? default : new GetSensorThresholds((byte)(data[0] & 0x3F), data[1], data[2], data[3], data[4], data[5], data[6]);
        return data.Length >= 7;
    }
}
