using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Ipmi.Wire.Commands;

/// <summary>Get Sensor Reading (IPMI 2.0 §35.14).</summary>
/// <param name="Raw">Raw reading; meaningless unless <see cref="IsAvailable"/> holds and the sensor gives numbers.</param>
/// <param name="Flags">Bit 7: event messages on, bit 6: scanning on, bit 5: reading or state unavailable.</param>
/// <param name="States">Bits 0–14: state n is asserted; for threshold sensors bits 0–5: at or beyond lnc, lcr, lnr, unc, ucr, unr. Null when the controller gave none.</param>
internal readonly record struct GetSensorReading(byte Raw, byte Flags, ushort? States)
{
    public static IpmiRequest Request(byte sensorNumber, byte lun) => new(NetworkFunction.SensorEvent, 0x2D, new[] { sensorNumber }, lun);

    public bool EventMessagesEnabled => (Flags & 0x80) != 0;

    public bool ScanningEnabled => (Flags & 0x40) != 0;

    public bool Unavailable => (Flags & 0x20) != 0;

    /// <summary>True when reading and states may be used.</summary>
    public bool IsAvailable => ScanningEnabled && !Unavailable;

    public static bool TryRead(ReadOnlySpan<byte> data, out GetSensorReading result)
    {
        result = default;
        if (data.Length < 2)
        {
            return false;
        }

        // The last byte has a reserved bit that reads as 1.
        ushort? states = data.Length switch { 2 => null, 3 => data[2], _ => (ushort)(data[2] | ((data[3] & 0x7F) << 8)) };
        result = new GetSensorReading(data[0], data[1], states);
        return true;
    }
}
