using CimHost.VmKernel.FileSystem;
using CimHost.VmKernel.FileSystem.Memory;
using CimHost.VmKernel.FileSystem.Paging;
using CimHost.VmKernel.Scheduling.Resources;
using CimHost.VmKernel.Worlds;

namespace CimHost.VmKernel.SystemCalls.Memory;

/// <summary>
/// The anonymous memory of worlds: files without a name on a file system that is mounted nowhere. Their pages are those of the ramdisks'
/// budget, so that cold ones go to the same swap file and come back from it.
/// </summary>
/// <param name="budget">Memory that it takes pages from.</param>
public sealed class WorldMemory(PageBudget budget)
{
    private const int ForAll = 0x3FF; // 01777
    private const int MostObjects = 65_536;
    private const int Mode = 0x1FF; // 0777, as memfd_create() of Linux gives

    private readonly Vfs _files = new(new MemoryFileSystem("memory", budget, long.MaxValue, MostObjects, ForAll));

    /// <summary>Makes an empty object.</summary>
    /// <param name="owner">Whose it is.</param>
    /// <param name="account">What its size is charged to.</param>
    /// <exception cref="KernelException">ENFILE there are too many.</exception>
    internal async ValueTask<AnonymousMemory> CreateAsync(Credentials owner, MemoryAccount account)
    {
        string path = $"/{Guid.NewGuid():N}";
        try
        {
            OpenFile file = await _files.OpenAsync(
                new FileCaller(owner, Umask: 0), path, OpenFlags.O_RDWR | OpenFlags.O_CREAT | OpenFlags.O_EXCL, Mode);
            await _files.UnlinkAsync(FileCaller.Root, path);
            return new AnonymousMemory((VfsFile)file, account);
        }
        catch (KernelException full) when (full.Errno == Errno.ENOSPC)
        {
            throw new KernelException(Errno.ENFILE, $"There are {MostObjects} memory objects already.");
        }
    }
}
