using Microsoft.Win32.SafeHandles;

namespace CimHost.VmKernel.FileSystem.Paging;

/// <summary>
/// The single swap file of all user worlds. It has its full size from the start but takes space only where it was written (sparse), may
/// be read by root alone (mode 0600), and is wiped whenever it is opened: what it held belonged to worlds of the last boot. It is locked
/// while open, so that a second host with the same directory is refused.
/// </summary>
public sealed class SwapFile : IDisposable
{
    /// <summary>Size when nothing else is configured: 1 GiB.</summary>
    public const long DefaultSize = 1L << 30;

    /// <summary>Name of the file in its directory.</summary>
    public const string FileName = "uwswap.swp";

    private const long LargestSize = 64L << 30;

    private readonly SafeFileHandle _handle;
    private readonly Lock _lock = new();
    private readonly SlotMap _slots;

    private SwapFile(string path, long size, SafeFileHandle handle)
    {
        Path = path;
        Size = size;
        _handle = handle;
        _slots = new SlotMap((int)(size / PageBudget.PageSize));
    }

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>Its size in bytes.</summary>
    public long Size { get; }

    /// <summary>Bytes of it that hold pages.</summary>
    public long UsedBytes
    {
        get
        {
            lock (_lock)
            {
                return (long)(_slots.Count - _slots.Free) * PageBudget.PageSize;
            }
        }
    }

    internal int SlotCount => _slots.Count;

    /// <summary>Opens the swap file in a directory, which is created when it is missing, and wipes it.</summary>
    /// <param name="directory">Directory of the Linux host.</param>
    /// <param name="size">Bytes, a multiple of 1 MiB up to 64 GiB.</param>
    /// <exception cref="KernelException">EBUSY when another host uses it, EINVAL for a size that is not possible or a link in its place, EIO.</exception>
    public static SwapFile Open(string directory, long size = DefaultSize)
    {
        if (size is <= 0 or > LargestSize || size % (1 << 20) != 0)
        {
            throw new KernelException(Errno.EINVAL, $"A swap file of {size} bytes is not possible: 1 MiB to 64 GiB in steps of 1 MiB are.");
        }

        string path = System.IO.Path.Combine(directory, FileName);
        try
        {
            Directory.CreateDirectory(directory);
            if (new FileInfo(path).LinkTarget is not null)
            {
                throw new KernelException(Errno.EINVAL, $"{path} is a symbolic link; the swap file is not created through it.");
            }

            return new SwapFile(path, size, OpenWiped(path, size));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new KernelException(Errno.EIO, $"The swap file {path} cannot be opened: {e.Message}");
        }
    }

    /// <summary>Closes the file; no page may be in it any more that is still needed.</summary>
    public void Dispose() => _handle.Dispose();

    internal int TakeSlots(int wanted, out int taken)
    {
        lock (_lock)
        {
            return _slots.Take(wanted, out taken);
        }
    }

    internal void ReturnSlot(int slot)
    {
        lock (_lock)
        {
            _slots.Return(slot);
        }
    }

    internal ValueTask WriteAsync(int firstSlot, IReadOnlyList<ReadOnlyMemory<byte>> pages) =>
        RandomAccess.WriteAsync(_handle, pages, (long)firstSlot * PageBudget.PageSize);

    internal async ValueTask ReadAsync(int slot, Memory<byte> page)
    {
        int read = await RandomAccess.ReadAsync(_handle, page, (long)slot * PageBudget.PageSize);
        if (read != page.Length)
        {
            throw new EndOfStreamException($"{Path} was cut.");
        }
    }

    private static SafeFileHandle OpenWiped(string path, long size)
    {
        SafeFileHandle handle;
        try
        {
            handle = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, FileOptions.Asynchronous);
        }
        catch (IOException e) when (e.Message.Contains("being used by another process", StringComparison.Ordinal))
        {
            throw new KernelException(Errno.EBUSY, $"The swap file {path} is used by another host; each host needs a directory of its own.");
        }

        try
        {
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(handle, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }

            RandomAccess.SetLength(handle, 0);
            RandomAccess.SetLength(handle, size);
            return handle;
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }
}
