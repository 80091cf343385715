namespace CimHost.Providers.Ipmi.Wire.Sensors;

/// <summary>How a raw reading holds a number (IPMI 2.0 table 43-1, Sensor Units 1 [7:6]).</summary>
internal enum AnalogFormat
{
    Unsigned,
    OnesComplement,
    TwosComplement,

    /// <summary>The sensor returns no number.</summary>
    None,
}
