using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Ipmi.Wire.Commands;

/// <summary>Chassis Identify (IPMI 2.0 §28.5). Its answer has no data.</summary>
internal static class ChassisIdentify
{
    /// <summary>Lights the identify light for some seconds; 0 puts it out.</summary>
    public static IpmiRequest For(byte seconds) => new(NetworkFunction.Chassis, 0x04, new[] { seconds });

    /// <summary>Lights it until it is put out.</summary>
    public static IpmiRequest Forever { get; } = new(NetworkFunction.Chassis, 0x04, new byte[] { 0, 1 });
}
