namespace CimHost.Providers.Storage.Devices;

/// <summary>What a device is; it does not change while the device stays.</summary>
internal sealed record DiskIdentity
{
    public required DiskKind Kind { get; init; }

    /// <summary>
    /// Key of the device, at most 46 characters, without blanks and slashes: "naa.5000c500a1b2c3d4", "eui.…", "nguid.…", or vendor, model and serial number where there
    /// is nothing better.
    /// </summary>
    public required string DeviceId { get; init; }

    public string Vendor { get; init; } = string.Empty;

    public required string Model { get; init; }

    public required string SerialNumber { get; init; }

    public required string Firmware { get; init; }

    /// <summary>World wide names and the like beside the key, each "kind:value".</summary>
    public IReadOnlyList<string> OtherIds { get; init; } = [];

    /// <summary>SAS addresses of its ports, sixteen hexadecimal digits each.</summary>
    public IReadOnlyList<string> SasAddresses { get; init; } = [];

    public uint BlockSize { get; init; }

    public uint PhysicalBlock { get; init; }

    /// <summary>Blocks; 0 when the capacity is not known.</summary>
    public ulong Blocks { get; init; }

    /// <summary>Revolutions per minute; 1 for solid state, 0 when not told.</summary>
    public int RotationRate { get; init; }

    /// <summary>CIM_DiskDrive.FormFactor.</summary>
    public ushort FormFactor { get; init; }

    /// <summary>CIM_DiskDrive.InterconnectType.</summary>
    public ushort InterconnectType { get; init; }

    /// <summary>Name of the interconnect.</summary>
    public required string Interconnect { get; init; }

    /// <summary>Bits per second; 0 when not known.</summary>
    public ulong LinkSpeed { get; init; }

    /// <summary>CIM_DiskDrive.Encryption.</summary>
    public ushort Encryption { get; init; }

    public bool SupportsSmart { get; init; }

    /// <summary>Blocks that the file system does not use any more can be given back.</summary>
    public bool? CanUnmap { get; init; }

    /// <summary>PCI vendor of an NVMe controller; 0 for others.</summary>
    public ushort PciVendor { get; init; }

    /// <summary>NVMe version, "2.0.0"; empty for others.</summary>
    public string ProtocolVersion { get; init; } = string.Empty;

    /// <summary>How to talk to it; for the reader that made it.</summary>
    public object? Access { get; init; }

    public bool IsDisk => Kind != DiskKind.Enclosure;

    public bool? IsSolidState => RotationRate switch { 0 => null, 1 => true, _ => false };
}
