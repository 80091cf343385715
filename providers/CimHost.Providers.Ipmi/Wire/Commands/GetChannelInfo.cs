using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Ipmi.Wire.Commands;

/// <summary>Get Channel Info (IPMI 2.0 §22.24), as far as it matters here.</summary>
/// <param name="Channel">Number of the channel.</param>
/// <param name="Medium">Medium: 1 IPMB, 4 LAN, 0Ch system interface.</param>
internal readonly record struct GetChannelInfo(byte Channel, byte Medium)
{
    private const byte Lan = 4;
    private const int Length = 9;

    public static IpmiRequest Request(byte channel) => new(NetworkFunction.App, 0x42, new[] { channel });

    public bool IsLan => Medium == Lan;

    public static bool TryRead(ReadOnlySpan<byte> data, out GetChannelInfo result)
    {
        result = data.Length < Length ? default : new GetChannelInfo((byte)(data[0] & 0x0F), (byte)(data[1] & 0x7F));
        return data.Length >= Length;
    }
}
