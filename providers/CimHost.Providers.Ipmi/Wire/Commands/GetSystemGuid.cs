using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Ipmi.Wire.Commands;

/// <summary>Get System GUID (IPMI 2.0 §22.14) and Get Device GUID (§20.8): 16 bytes, least significant first.</summary>
internal static class GetSystemGuid
{
    public static IpmiRequest Request { get; } = new(NetworkFunction.App, 0x37);

    public static IpmiRequest DeviceRequest { get; } = new(NetworkFunction.App, 0x08);

    public static bool TryRead(ReadOnlySpan<byte> data, out Guid guid)
    {
        guid = default;
        if (data.Length < 16)
        {
            return false;
        }

        Span<byte> bigEndian = stackalloc byte[16];
        data[..16].CopyTo(bigEndian);
        bigEndian.Reverse();
        guid = new Guid(bigEndian, bigEndian: true);

        // All zeros and all ones are what controllers without a GUID answer.
        return guid != Guid.Empty && guid != Guid.AllBitsSet;
    }
}
