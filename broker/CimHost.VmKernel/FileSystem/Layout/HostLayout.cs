using System.Globalization;
using System.Text;
using CimHost.VmKernel.FileSystem.Generated;
using CimHost.VmKernel.FileSystem.Host;
using CimHost.VmKernel.FileSystem.Memory;
using CimHost.VmKernel.FileSystem.Paging;

namespace CimHost.VmKernel.FileSystem.Layout;

/// <summary>
/// ESXi's directories and ramdisks. All of it is in memory and works without a disk; datastores, boot banks and a persistent scratch are
/// added when the host has them.
/// </summary>
public sealed class HostLayout
{
    private const long MiB = 1 << 20;
    private const long RootSize = 32 * MiB;
    private const long EtcSize = 28 * MiB;
    private const int StickyForAll = 0x3FF; // 01777
    private const int Default = 0x1ED; // 0755
    private const string Volumes = "/vmfs/volumes";

    private static readonly Ramdisk[] s_ramdisks =
    [
        new("opt", "/opt", 32 * MiB),
        new("var", "/var", 48 * MiB),
        new("tmp", "/tmp", 256 * MiB, StickyForAll),
    ];

    private static readonly string[] s_directories =
    [
        "/bin", "/sbin", "/lib", "/lib64", "/usr", "/usr/bin", "/usr/sbin", "/usr/lib", "/usr/lib64", "/usr/share", "/usr/libexec",
        "/dev", "/proc", "/etc", "/opt", "/var", "/tmp", "/mbr", "/include", "/tardisks", "/vmfs", Volumes, "/vmfs/devices",
    ];

    private static readonly string[] s_innerDirectories =
    [
        "/etc/init.d", "/etc/rc.local.d", "/etc/ssh", "/etc/vmware", "/etc/vmware/hostd", "/etc/vmware/ssl", "/etc/security", "/etc/pam.d",
        "/etc/sfcb", "/etc/snmp", "/var/log", "/var/run", "/var/lib", "/var/lib/vmware", "/var/lock", "/var/spool", "/var/spool/cron", "/var/core",
        "/var/opt", "/tmp/scratch", "/tmp/scratch/log", "/tmp/scratch/core", "/tmp/store", "/tmp/store/packages",
    ];

    // Until a disk gives them a better place, these lead into memory.
    private static readonly (string Path, string Target)[] s_links =
    [
        ("/scratch", "/tmp/scratch"),
        ("/store", "/tmp/store"),
        ("/locker", "/store"),
        ("/productLocker", "/locker/packages"),
        ("/vmimages", "/locker/packages/vmimages"),
    ];

    private readonly Lock _lock = new();
    private readonly Dictionary<string, string> _datastores = new(StringComparer.Ordinal);
    private readonly List<HostFileSystem> _bootBanks = [];

    private HostLayout(PageBudget budget)
    {
        Budget = budget;
        Vfs = new Vfs(new MemoryFileSystem("root", budget, RootSize));
        Dev = new DevFs(budget);
        Etc = new MemoryFileSystem("etc", budget, EtcSize);
    }

    /// <summary>The tree.</summary>
    public Vfs Vfs { get; }

    /// <summary>Memory of all ramdisks.</summary>
    public PageBudget Budget { get; }

    /// <summary>The ramdisk of /etc, which is kept in the boot bank: exported after changes and imported at boot.</summary>
    public MemoryFileSystem Etc { get; }

    /// <summary>Devices under /dev.</summary>
    public DevFs Dev { get; }

    /// <summary>Files under /proc.</summary>
    public ProcFs Proc { get; } = new();

    /// <summary>Whether no datastore is mounted: everything that the host holds is in memory.</summary>
    public bool IsDiskless
    {
        get
        {
            lock (_lock)
            {
                return _datastores.Count == 0;
            }
        }
    }

    /// <summary>Builds the tree.</summary>
    /// <param name="budget">Memory of all ramdisks.</param>
    /// <param name="etcPersistence">Keeps /etc; null: it vanishes with the host.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<HostLayout> CreateAsync(
        PageBudget budget, IMountPersistence? etcPersistence = null, CancellationToken cancellationToken = default)
    {
        var layout = new HostLayout(budget);
        await layout.MakeDirectoriesAsync(s_directories, cancellationToken);
        foreach (Ramdisk disk in s_ramdisks)
        {
            layout.Vfs.Mount(disk.Path, new MemoryFileSystem(disk.Name, budget, disk.SizeLimit, rootMode: disk.Mode));
        }

        // Directories of /etc are made before changes of it are kept: they are not worth a write to the boot bank.
        var etc = new Vfs(layout.Etc);
        foreach (string path in s_innerDirectories.Where(p => p.StartsWith("/etc/", StringComparison.Ordinal)))
        {
            await etc.MakeDirectoryAsync(FileCaller.Root, path["/etc".Length..], Default, cancellationToken);
        }

        layout.Vfs.Mount("/etc", layout.Etc, new MountOptions(Persistence: etcPersistence));
        layout.Vfs.Mount("/dev", layout.Dev.FileSystem);
        layout.Vfs.Mount("/proc", layout.Proc, new MountOptions(IsReadOnly: true));
        await layout.MakeDirectoriesAsync(s_innerDirectories.Where(p => !p.StartsWith("/etc/", StringComparison.Ordinal)), cancellationToken);
        foreach ((string path, string target) in s_links)
        {
            await layout.Vfs.SymbolicLinkAsync(FileCaller.Root, target, path, cancellationToken);
        }

        layout.Proc.Entries.Add("mounts", ProcEntry.OfFile(layout.MountsText));
        layout.Proc.Entries.Add("swaps", ProcEntry.OfFile(layout.SwapsText));
        return layout;
    }

    /// <summary>Mounts a directory of the Linux host as a datastore on /vmfs/volumes/UUID with its label as a link beside it.</summary>
    /// <param name="uuid">Identity of the datastore: letters, digits and hyphens.</param>
    /// <param name="label">Name that people use; can be changed.</param>
    /// <param name="directory">Absolute path on the Linux host.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="KernelException">
    /// EEXIST for an identity or label that is there, ENOENT, EINVAL for names that cannot be, EACCES for a directory that holds a boot bank
    /// or lies in one.
    /// </exception>
    public async Task AddDatastoreAsync(string uuid, string label, string directory, CancellationToken cancellationToken = default)
    {
        var fileSystem = new HostFileSystem(directory);
        if (_bootBanks.Any(bank => fileSystem.Holds(bank) || bank.Holds(fileSystem)))
        {
            fileSystem.Dispose();
            throw new KernelException(Errno.EACCES, "it holds a boot bank, and so the hashes of the passwords; a datastore is a directory of its own.");
        }

        await AddVolumeAsync(uuid, label, fileSystem, default, cancellationToken);
        lock (_lock)
        {
            _datastores[uuid] = label;
        }
    }

    /// <summary>
    /// Mounts a boot bank on /vmfs/volumes/UUID, read-only and for root alone, with its label (BOOTBANK1) as a link beside it. Boot banks
    /// come before datastores.
    /// </summary>
    /// <param name="uuid">Identity of the volume: letters, digits and hyphens.</param>
    /// <param name="label">BOOTBANK1 or BOOTBANK2.</param>
    /// <param name="directory">Absolute path on the Linux host.</param>
    /// <param name="link">/bootbank or /altbootbank, which leads there.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="KernelException">EEXIST, ENOENT, EINVAL for names that cannot be.</exception>
    public async Task AddBootBankAsync(string uuid, string label, string directory, string link, CancellationToken cancellationToken = default)
    {
        var fileSystem = new HostFileSystem(directory, isBootBank: true);
        await AddVolumeAsync(uuid, label, fileSystem, new MountOptions(IsReadOnly: true, IsPrivate: true), cancellationToken);
        _bootBanks.Add(fileSystem);
        await Vfs.SymbolicLinkAsync(FileCaller.Root, $"{Volumes}/{uuid}", link, cancellationToken);
    }

    /// <summary>Takes a datastore away.</summary>
    /// <exception cref="KernelException">ENOENT; EBUSY while files on it are open.</exception>
    public async Task RemoveDatastoreAsync(string uuid, CancellationToken cancellationToken = default)
    {
        string? label;
        lock (_lock)
        {
            if (!_datastores.TryGetValue(uuid, out label))
            {
                throw new KernelException(Errno.ENOENT, $"There is no datastore {uuid}.");
            }
        }

        string path = $"{Volumes}/{uuid}";
        MountableFileSystem fileSystem = Vfs.Mounts.First(m => m.Path == path).FileSystem;
        Vfs.Unmount(path);
        (fileSystem as IDisposable)?.Dispose();
        lock (_lock)
        {
            _datastores.Remove(uuid);
        }

        await Vfs.RemoveDirectoryAsync(FileCaller.Root, path, cancellationToken);
        await Vfs.UnlinkAsync(FileCaller.Root, $"{Volumes}/{label}", cancellationToken);
    }

    /// <summary>Lets one of the links /scratch, /store, /locker, /productLocker, /vmimages lead somewhere else, in one step.</summary>
    /// <exception cref="KernelException">EINVAL for another path.</exception>
    public async Task SetLinkAsync(string path, string target, CancellationToken cancellationToken = default)
    {
        if (!s_links.Any(l => l.Path == path))
        {
            throw new KernelException(Errno.EINVAL, $"{path} is not one of the links of the layout.");
        }

        string temporary = $"{path}.{Guid.NewGuid():N}";
        await Vfs.SymbolicLinkAsync(FileCaller.Root, target, temporary, cancellationToken);
        await Vfs.RenameAsync(FileCaller.Root, temporary, path, cancellationToken);
    }

    /// <summary>Whether a path is one of the links of the layout.</summary>
    internal static bool IsLink(string path) => path is "/bootbank" or "/altbootbank" || s_links.Any(l => l.Path == path);

    /// <summary>The ramdisk that holds a path, and where it is mounted.</summary>
    /// <param name="path">Absolute path below none of /dev, /proc and /vmfs.</param>
    internal (MemoryFileSystem Ramdisk, string Mount) RamdiskOf(string path)
    {
        string top = path.IndexOf('/', 1) is var slash and > 0 ? path[..slash] : path;
        IReadOnlyList<Mount> mounts = Vfs.Mounts;
        Mount mount = mounts.FirstOrDefault(m => m.Path == top) ?? mounts[0];
        return ((MemoryFileSystem)mount.FileSystem, mount.Path);
    }

    private async Task AddVolumeAsync(string uuid, string label, HostFileSystem fileSystem, MountOptions options, CancellationToken cancellationToken)
    {
        string path = $"{Volumes}/{uuid}";
        try
        {
            if (uuid.Length == 0 || !uuid.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') || label.Contains('/', StringComparison.Ordinal) || label is "" or "." or "..")
            {
                throw new KernelException(Errno.EINVAL, $"A volume cannot have the identity '{uuid}' and the label '{label}'.");
            }

            await Vfs.MakeDirectoryAsync(FileCaller.Root, path, Default, cancellationToken);
            Vfs.Mount(path, fileSystem, options);
            await Vfs.SymbolicLinkAsync(FileCaller.Root, uuid, $"{Volumes}/{label}", cancellationToken);
        }
        catch
        {
            await DetachAsync(path, fileSystem);
            throw;
        }
    }

    private async Task DetachAsync(string path, HostFileSystem fileSystem)
    {
        if (Vfs.Mounts.Any(m => m.FileSystem == fileSystem))
        {
            Vfs.Unmount(path);
            await Vfs.RemoveDirectoryAsync(FileCaller.Root, path, CancellationToken.None);
        }

        fileSystem.Dispose();
    }

    private async Task MakeDirectoriesAsync(IEnumerable<string> paths, CancellationToken cancellationToken)
    {
        foreach (string path in paths)
        {
            await Vfs.MakeDirectoryAsync(FileCaller.Root, path, Default, cancellationToken);
        }
    }

    private string MountsText()
    {
        var text = new StringBuilder();
        foreach (Mount mount in Vfs.Mounts)
        {
            string name = mount.FileSystem is MemoryFileSystem memory ? memory.Name : mount.Statistics.Type;
            text.Append(CultureInfo.InvariantCulture, $"{name} {mount.Path} {mount.Statistics.Type} {(mount.IsReadOnly ? "ro" : "rw")}{(mount.IsPersistent ? ",persistent" : string.Empty)}\n");
        }

        return text.ToString();
    }

    private string SwapsText() => Budget.Swap is { } swap
        ? string.Create(CultureInfo.InvariantCulture, $"Filename\tSize\tUsed\n{swap.Path}\t{swap.Size}\t{swap.UsedBytes}\n")
        : "Filename\tSize\tUsed\n";
}
