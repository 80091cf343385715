namespace CimHost.VmKernel.FileSystem.Generated;

/// <summary>
/// The files under /proc: read-only text that is made when a file is opened. The file system itself is empty; the parts of the kernel
/// register what they know, and only this is meant to be there:
/// <list type="table">
/// <item><term>version</term><description>name, version and build of the kernel in one line</description></item>
/// <item><term>uptime</term><description>seconds since boot and idle seconds, with two decimals</description></item>
/// <item><term>meminfo</term><description>MemTotal, MemFree, SwapTotal, SwapFree in kB, from <see cref="Paging.PageBudget"/></description></item>
/// <item><term>mounts</term><description>one line per mount: device, path, type, options (registered by <see cref="Layout.HostLayout"/>)</description></item>
/// <item><term>swaps</term><description>the swap file with size and used bytes (registered by <see cref="Layout.HostLayout"/>)</description></item>
/// <item><term>stat</term><description>CPU time of all worlds in hundredths of a second, and how many there are and run</description></item>
/// <item><term>self</term><description>a link to the directory of the world that asks: the system-call layer resolves it, as the file system does not know the world</description></item>
/// <item><term>N (world id)</term><description>an <see cref="IProcDirectory"/> at the root or at "worlds": cmdline, comm, status, stat, cwd (link)</description></item>
/// </list>
/// </summary>
public sealed class ProcFs : MountableFileSystem
{
    private readonly ProcInode _root;

    /// <summary>Creates an empty file system.</summary>
    public ProcFs() => _root = new ProcInode(this, ProcEntry.OfDirectory(Entries), null, string.Empty);

    /// <summary>Entries of the topmost directory.</summary>
    public ProcRoot Entries { get; } = new();

    /// <inheritdoc/>
    public override FileSystemStatistics Statistics => new("procfs", Device, 4096, 0, 0, 0, 0, IsReadOnly: true);

    internal override Inode Root => _root;
}
