using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Ipmi.Wire.Commands;

/// <summary>Get Chassis Capabilities (IPMI 2.0 §28.1).</summary>
/// <param name="Flags">Bit 0 intrusion sensor, 1 front panel lockout, 2 diagnostic interrupt, 3 power interlock.</param>
internal readonly record struct GetChassisCapabilities(byte Flags)
{
    // Flags and the addresses of four devices.
    private const int Length = 5;

    public static IpmiRequest Request { get; } = new(NetworkFunction.Chassis, 0x00);

    public bool HasIntrusionSensor => (Flags & 0x01) != 0;

    public bool HasDiagnosticInterrupt => (Flags & 0x04) != 0;

    public static bool TryRead(ReadOnlySpan<byte> data, out GetChassisCapabilities result)
    {
        result = data.Length < Length ? default : new GetChassisCapabilities(data[0]);
        return data.Length >= Length;
    }
}
