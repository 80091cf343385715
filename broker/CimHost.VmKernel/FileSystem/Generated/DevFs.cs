using System.Security.Cryptography;
using CimHost.VmKernel.FileSystem.Memory;
using CimHost.VmKernel.FileSystem.Paging;

namespace CimHost.VmKernel.FileSystem.Generated;

/// <summary>
/// The files under /dev: null, zero, full, random and urandom always, the console when the host has one, and the devices that drivers add
/// and remove at run time. A device that is removed while it is open stays what its driver makes of it (ENXIO, EIO).
/// </summary>
public sealed class DevFs
{
    private const long SizeLimit = 64 << 10;
    private const int InodeLimit = 8_192;
    private const int DirectoryMode = 0x1ED; // 0755
    private const int MemoryMajor = 1;
    private const int ForEverybody = 0x1B6; // 0666

    private readonly MemoryFileSystem _fileSystem;

    // The driver's view of the tree, which needs no mount in the tree of the worlds.
    private readonly Vfs _tree;

    /// <summary>Creates the file system with the devices that are always there.</summary>
    /// <param name="budget">Memory for the few bytes that somebody may write beside the devices.</param>
    public DevFs(PageBudget budget)
    {
        _fileSystem = new MemoryFileSystem("dev", budget, SizeLimit, InodeLimit);
        _tree = new Vfs(_fileSystem);
        AddMemoryDevice("null", 3, static _ => 0, static b => b.Length);
        AddMemoryDevice("zero", 5, Zero, static b => b.Length);
        AddMemoryDevice("full", 7, Zero, static _ => throw FileErrors.Of(Errno.ENOSPC, "/dev/full"));
        AddMemoryDevice("random", 8, Random, static b => b.Length);
        AddMemoryDevice("urandom", 9, Random, static b => b.Length);
    }

    /// <summary>What is mounted on /dev.</summary>
    public MountableFileSystem FileSystem => _fileSystem;

    /// <summary>Adds /dev/console (5, 1), which root alone may use.</summary>
    /// <param name="open">Opens it.</param>
    /// <exception cref="KernelException">EEXIST.</exception>
    public void AddConsole(Func<OpenFlags, Credentials, OpenFile> open) => AddCharacterDevice("console", 5, 1, 0x180, open);

    /// <summary>Adds a character device.</summary>
    /// <param name="name">Name below /dev; directories in it are made.</param>
    /// <param name="major">Number of the driver.</param>
    /// <param name="minor">Number of the device of that driver.</param>
    /// <param name="mode">Permission bits.</param>
    /// <param name="open">Opens it; the file has one reference.</param>
    /// <exception cref="KernelException">EEXIST, ENAMETOOLONG, ENOTDIR, ENOSPC with too many devices.</exception>
    public void AddCharacterDevice(string name, uint major, uint minor, int mode, Func<OpenFlags, Credentials, OpenFile> open) =>
        Add(name, mode, new DeviceNode(FileType.CharacterDevice, DeviceNumber.Of(major, minor), open));

    /// <summary>Adds a block device.</summary>
    /// <param name="name">Name below /dev; directories in it are made.</param>
    /// <param name="major">Number of the driver.</param>
    /// <param name="minor">Number of the device of that driver.</param>
    /// <param name="mode">Permission bits.</param>
    /// <param name="open">Opens it; the file has one reference.</param>
    /// <exception cref="KernelException">EEXIST, ENAMETOOLONG, ENOTDIR, ENOSPC with too many devices.</exception>
    public void AddBlockDevice(string name, uint major, uint minor, int mode, Func<OpenFlags, Credentials, OpenFile> open) =>
        Add(name, mode, new DeviceNode(FileType.BlockDevice, DeviceNumber.Of(major, minor), open));

    /// <summary>Adds another name of a device as a symbolic link.</summary>
    /// <exception cref="KernelException">EEXIST, ENAMETOOLONG, ENOTDIR, ENOSPC.</exception>
    public void AddLink(string name, string target)
    {
        MakeParents(name);
        Complete(_tree.SymbolicLinkAsync(FileCaller.Root, target, "/" + name));
    }

    /// <summary>Removes a device or link; false when it is not there.</summary>
    public bool Remove(string name)
    {
        try
        {
            Complete(_tree.UnlinkAsync(FileCaller.Root, "/" + name));
            return true;
        }
        catch (KernelException e) when (e.Errno == Errno.ENOENT)
        {
            return false;
        }
    }

    private static int Zero(Memory<byte> buffer)
    {
        buffer.Span.Clear();
        return buffer.Length;
    }

    private static int Random(Memory<byte> buffer)
    {
        RandomNumberGenerator.Fill(buffer.Span);
        return buffer.Length;
    }

    // Nothing is kept of /dev, so that changes complete at once.
    private static void Complete(ValueTask change) => System.Diagnostics.Debug.Assert(change.IsCompletedSuccessfully, "A change of /dev waits.");

    private void AddMemoryDevice(string name, uint minor, Func<Memory<byte>, int> read, Func<ReadOnlyMemory<byte>, int> write) =>
        AddCharacterDevice(name, MemoryMajor, minor, ForEverybody, (flags, _) => new DeviceFile(flags, read, write));

    private void Add(string name, int mode, DeviceNode node)
    {
        MakeParents(name);
        Complete(_tree.MakeNodeAsync(FileCaller.Root with { Umask = 0 }, "/" + name, mode, node));
    }

    private void MakeParents(string name)
    {
        for (int slash = name.IndexOf('/', StringComparison.Ordinal); slash > 0; slash = name.IndexOf('/', slash + 1))
        {
            try
            {
                Complete(_tree.MakeDirectoryAsync(FileCaller.Root, "/" + name[..slash], DirectoryMode));
            }
            catch (KernelException e) when (e.Errno == Errno.EEXIST)
            {
                // Another device is in it already.
            }
        }
    }
}
