namespace CimHost.Providers.Ipmi.Wire.Sdr;

/// <summary>Sensor initialization and capabilities bytes of full and compact records.</summary>
/// <param name="Initialization">Sensor initialization.</param>
/// <param name="Capabilities">Sensor capabilities.</param>
internal readonly record struct SensorCapabilities(byte Initialization, byte Capabilities)
{
    /// <summary>Ignore the sensor while its entity is absent or disabled.</summary>
    public bool IgnoreIfAbsent => (Capabilities & 0x80) != 0;

    /// <summary>Hysteresis: 0 none, 1 readable, 2 readable and settable, 3 fixed.</summary>
    public int HysteresisAccess => (Capabilities >> 4) & 0x03;

    /// <summary>Thresholds: 0 none, 1 readable, 2 readable and settable, 3 fixed and unreadable.</summary>
    public int ThresholdAccess => (Capabilities >> 2) & 0x03;
}
