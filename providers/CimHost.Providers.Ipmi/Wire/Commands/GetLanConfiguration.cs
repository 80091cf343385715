using System.Buffers.Binary;
using System.Net;
using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Ipmi.Wire.Commands;

/// <summary>
/// Get LAN Configuration Parameters (IPMI 2.0 §23.2, table 23-4). Only addresses are asked for; communities, keys and passwords never are.
/// </summary>
internal static class GetLanConfiguration
{
    public const byte Address = 3;
    public const byte AddressSource = 4;
    public const byte MacAddress = 5;
    public const byte SubnetMask = 6;
    public const byte DefaultGateway = 12;
    public const byte VlanId = 20;
    public const byte VlanPriority = 21;

    private const byte VlanOn = 0x80;

    public static IpmiRequest Request(byte channel, byte parameter) => new(NetworkFunction.Transport, 0x02, new byte[] { channel, parameter, 0, 0 });

    /// <summary>Reads an IPv4 address or mask behind the parameter revision.</summary>
    public static bool TryReadAddress(ReadOnlySpan<byte> data, out string? address)
    {
        address = data.Length < 5 ? null : new IPAddress(data.Slice(1, 4)).ToString();
        return address is not null;
    }

    /// <summary>Reads where the address comes from: 0 unspecified, 1 static, 2 DHCP, 3 BIOS, 4 another protocol.</summary>
    public static bool TryReadSource(ReadOnlySpan<byte> data, out byte source)
    {
        source = data.Length < 2 ? (byte)0 : (byte)(data[1] & 0x0F);
        return data.Length >= 2;
    }

    /// <summary>Reads a hardware address as twelve hexadecimal digits.</summary>
    public static bool TryReadMac(ReadOnlySpan<byte> data, out string? mac)
    {
        mac = data.Length < 7 ? null : Convert.ToHexString(data.Slice(1, 6));
        return mac is not null;
    }

    /// <summary>Reads the VLAN; null when none is used. False when the answer is too short.</summary>
    public static bool TryReadVlan(ReadOnlySpan<byte> data, out ushort? vlan)
    {
        vlan = null;
        if (data.Length < 3)
        {
            return false;
        }

        vlan = (data[2] & VlanOn) != 0 ? (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(data[1..]) & 0x0FFF) : null;
        return true;
    }

    /// <summary>Reads the priority of the VLAN, 0–7.</summary>
    public static bool TryReadVlanPriority(ReadOnlySpan<byte> data, out byte priority)
    {
        priority = data.Length < 2 ? (byte)0 : (byte)(data[1] & 7);
        return data.Length >= 2;
    }
}
