using System.Buffers.Binary;
using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Ipmi.Wire.Commands;

/// <summary>Get Device ID (IPMI 2.0 §20.1): which controller this is and which firmware it runs.</summary>
internal sealed record GetDeviceId
{
    private const int MinLength = 11;

    public static IpmiRequest Request { get; } = new(NetworkFunction.App, 0x01);

    public required byte DeviceId { get; init; }

    /// <summary>True when the controller keeps device SDRs.</summary>
    public required bool ProvidesDeviceSdrs { get; init; }

    public required byte DeviceRevision { get; init; }

    /// <summary>False while the firmware is being updated or starts.</summary>
    public required bool IsAvailable { get; init; }

    /// <summary>Major number of the firmware, 0–127.</summary>
    public required byte FirmwareMajor { get; init; }

    /// <summary>Minor number of the firmware, BCD.</summary>
    public required byte FirmwareMinor { get; init; }

    /// <summary>IPMI version, BCD with the low digit first: 02h is 2.0.</summary>
    public required byte IpmiVersion { get; init; }

    /// <summary>Additional device support: bit 0 sensors, 1 SDR repository, 2 SEL, 3 FRU inventory, 7 chassis.</summary>
    public required byte Support { get; init; }

    /// <summary>IANA enterprise number of the maker, 20 bits.</summary>
    public required int ManufacturerId { get; init; }

    public required ushort ProductId { get; init; }

    /// <summary>OEM revision of the firmware; null when the controller gives none.</summary>
    public required uint? AuxiliaryRevision { get; init; }

    public bool HasSdrRepository => (Support & 0x02) != 0;

    public bool HasFruInventory => (Support & 0x08) != 0;

    public bool HasChassis => (Support & 0x80) != 0;

    /// <summary>Firmware revision as operators know it: "2.05".</summary>
    public string FirmwareRevision => $"{FirmwareMajor}.{FirmwareMinor:x2}";

    /// <summary>IPMI version as text: "2.0".</summary>
    public string IpmiVersionText => $"{IpmiVersion & 0x0F:x}.{IpmiVersion >> 4:x}";

    public static bool TryRead(ReadOnlySpan<byte> data, out GetDeviceId? result)
    {
        result = null;
        if (data.Length < MinLength)
        {
            return false;
        }

        result = new GetDeviceId
        {
            DeviceId = data[0],
            ProvidesDeviceSdrs = (data[1] & 0x80) != 0,
            DeviceRevision = (byte)(data[1] & 0x0F),
            IsAvailable = (data[2] & 0x80) == 0,
            FirmwareMajor = (byte)(data[2] & 0x7F),
            FirmwareMinor = data[3],
            IpmiVersion = data[4],
            Support = data[5],
            ManufacturerId = (data[6] | (data[7] << 8) | (data[8] << 16)) & 0x0F_FFFF,
            ProductId = BinaryPrimitives.ReadUInt16LittleEndian(data[9..]),
            AuxiliaryRevision = data.Length >= 15 ? BinaryPrimitives.ReadUInt32BigEndian(data[11..]) : null,
        };
        return true;
    }
}
