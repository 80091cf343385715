namespace CimHost.VmKernel.FileSystem.Paging;

/// <summary>
/// Where the swap file belongs. On a local disk: <c>swap</c> in the scratch partition. Without one: below the advanced option
/// <c>ScratchConfig.ConfiguredScratchLocation</c> in a directory named after the host, as several hosts may share that datastore. Without
/// both: nowhere, and the in-memory file systems are limited to memory.
/// </summary>
/// <param name="Directory">Directory of the swap file; null when there is none.</param>
/// <param name="Reason">In words why there or why not, for the log.</param>
public sealed record SwapLocation(string? Directory, string Reason)
{
    private const string Option = "ScratchConfig.ConfiguredScratchLocation";
    private const string DirectoryName = "swap";
    private const int LongestHostName = 253;

    /// <summary>Applies the rules.</summary>
    /// <param name="scratchPartition">Directory of the scratch partition on a local disk; null or empty when there is no local disk.</param>
    /// <param name="configuredScratchLocation">Value of the advanced option; null or empty when it is not set.</param>
    /// <param name="hostName">Name of this host, a DNS name.</param>
    /// <exception cref="KernelException">EINVAL when the host name is needed and cannot name a directory.</exception>
    public static SwapLocation Choose(string? scratchPartition, string? configuredScratchLocation, string hostName)
    {
        if (!string.IsNullOrEmpty(scratchPartition))
        {
            return new SwapLocation(Path.Combine(scratchPartition, DirectoryName), "a local disk holds a scratch partition");
        }

        if (string.IsNullOrEmpty(configuredScratchLocation))
        {
            return new SwapLocation(null, $"there is no local disk and {Option} is not set: user worlds have no swap file");
        }

        // Two spellings of one DNS name are one host.
        string name = hostName.TrimEnd('.').ToLowerInvariant();
        bool isUsable = name.Length is > 0 and <= LongestHostName && char.IsAsciiLetterOrDigit(name[0])
            && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_');
        return isUsable
            ? new SwapLocation(Path.Combine(configuredScratchLocation, name, DirectoryName), $"{Option} is set")
            : throw new KernelException(Errno.EINVAL, $"The host name '{hostName}' cannot name the directory of this host in {Option}.");
    }
}
