namespace CimHost.Providers.Storage.Devices;

/// <summary>One value that a device tells of itself.</summary>
/// <param name="Key">Stable name within the device: "ata.5", "statistic.1.16", "nvme.power_on_hours", "scsi.write.uncorrected".</param>
/// <param name="Category">Where it comes from: "SMART attribute", "Device statistic", "NVMe health", "SCSI log".</param>
/// <param name="Name">Its name in the field.</param>
/// <param name="Value">The value as a number; null when it is none.</param>
/// <param name="Text">The value for people.</param>
internal sealed record DiskAttribute(string Key, string Category, string Name, UInt128? Value, string Text)
{
    /// <summary>Number of a SMART attribute.</summary>
    public byte? Id { get; init; }

    public byte? Normalized { get; init; }

    public byte? Worst { get; init; }

    public byte? Threshold { get; init; }

    public ushort? Flags { get; init; }

    /// <summary>"Never", "In The Past" or "Now"; null for what cannot fail.</summary>
    public string? Failed { get; init; }
}
