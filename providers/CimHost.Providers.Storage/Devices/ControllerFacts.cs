namespace CimHost.Providers.Storage.Devices;

/// <summary>What the kernel tells of a controller; null for what it does not.</summary>
internal sealed record ControllerFacts
{
    /// <summary>"SATA", "SAS" or "NVMe" by the PCI class.</summary>
    public string? Protocol { get; init; }

    public ushort? VendorId { get; init; }

    public ushort? DeviceId { get; init; }

    /// <summary>Name of the kernel's driver.</summary>
    public string? Driver { get; init; }

    /// <summary>Name of the board, where the driver tells it.</summary>
    public string? Board { get; init; }

    /// <summary>Version of the controller's firmware, where the driver tells it.</summary>
    public string? Firmware { get; init; }

    /// <summary>SAS address of the controller, sixteen hexadecimal digits.</summary>
    public string? SasAddress { get; init; }
}
