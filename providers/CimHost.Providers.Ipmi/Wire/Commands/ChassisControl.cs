using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Ipmi.Wire.Commands;

/// <summary>Chassis Control (IPMI 2.0 §28.3). Its answer has no data.</summary>
internal static class ChassisControl
{
    public const byte PowerDown = 0;
    public const byte PowerUp = 1;
    public const byte PowerCycle = 2;
    public const byte HardReset = 3;
    public const byte DiagnosticInterrupt = 4;
    public const byte SoftShutdown = 5;

    public static IpmiRequest Request(byte control) => new(NetworkFunction.Chassis, 0x02, new[] { control });
}
