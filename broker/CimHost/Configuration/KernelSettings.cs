namespace CimHost.Configuration;

/// <summary>The kernel emulator.</summary>
public sealed class KernelSettings
{
    /// <summary>Memory of all ramdisks together, in MiB; what does not fit goes to the swap file.</summary>
    public int RamdiskMegabytes { get; set; } = 128;

    /// <summary>
    /// Whether the state directory is on a disk of this computer: then it holds the scratch partition with the swap file. Set to false for
    /// a diskless host.
    /// </summary>
    public bool LocalDisk { get; set; } = true;

    /// <summary>
    /// Seconds until a start has to be ready. A start of an upgrade on trial that takes longer ends with an error, so that the next ones go
    /// back to the other bank; of any other only the log tells.
    /// </summary>
    public int BootSeconds { get; set; } = 300;

    /// <summary>Resource groups by their path: "host/vim/plugins" → what it is given.</summary>
    public Dictionary<string, ResourceGroupSettings> ResourceGroups { get; set; } = new(StringComparer.Ordinal);
}
