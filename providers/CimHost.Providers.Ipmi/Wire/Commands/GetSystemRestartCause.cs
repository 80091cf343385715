using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Ipmi.Wire.Commands;

/// <summary>Get System Restart Cause (IPMI 2.0 §28.11).</summary>
/// <param name="Cause">Cause, 0–15.</param>
/// <param name="Channel">Channel of the command that caused it.</param>
internal readonly record struct GetSystemRestartCause(byte Cause, byte Channel)
{
    public static IpmiRequest Request { get; } = new(NetworkFunction.Chassis, 0x07);

    public static bool TryRead(ReadOnlySpan<byte> data, out GetSystemRestartCause result)
    {
        result = data.Length < 2 ? default : new GetSystemRestartCause((byte)(data[0] & 0x0F), data[1]);
        return data.Length >= 2;
    }
}
