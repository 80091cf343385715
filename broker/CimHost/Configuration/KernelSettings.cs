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

    /// <summary>Resource groups by their path: "host/vim/plugins" → what it is given.</summary>
    public Dictionary<string, ResourceGroupSettings> ResourceGroups { get; set; } = new(StringComparer.Ordinal);
}
