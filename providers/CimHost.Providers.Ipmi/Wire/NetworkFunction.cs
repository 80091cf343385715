namespace CimHost.Providers.Ipmi.Wire;

/// <summary>Network functions of requests (IPMI 2.0 table 5-1).</summary>
internal static class NetworkFunction
{
    /// <summary>Chassis control and status.</summary>
    public const byte Chassis = 0x00;

    /// <summary>Sensors and events.</summary>
    public const byte SensorEvent = 0x04;

    /// <summary>Application: the controller itself.</summary>
    public const byte App = 0x06;

    /// <summary>Storage: SDR repository and FRU inventory.</summary>
    public const byte Storage = 0x0A;

    /// <summary>Transport: LAN and serial configuration.</summary>
    public const byte Transport = 0x0C;

    /// <summary>Group extension; the first byte of the data says of which group (DCh: DCMI).</summary>
    public const byte GroupExtension = 0x2C;
}
