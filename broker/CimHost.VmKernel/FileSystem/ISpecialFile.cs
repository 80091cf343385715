namespace CimHost.VmKernel.FileSystem;

/// <summary>What stands behind a file that is no regular file, directory or link: a device, a FIFO, a socket.</summary>
public interface ISpecialFile
{
    /// <summary>Type of the file.</summary>
    FileType Type { get; }

    /// <summary>Major and minor number of a device, else 0.</summary>
    ulong RawDevice { get; }

    /// <summary>Opens it; access was checked already.</summary>
    /// <param name="flags">Access mode and status flags.</param>
    /// <param name="caller">For whom.</param>
    /// <param name="cancellationToken">Ends the wait (a FIFO waits for its other end).</param>
    /// <exception cref="KernelException">ENXIO and what the device says.</exception>
    ValueTask<OpenFile> OpenAsync(OpenFlags flags, Credentials caller, CancellationToken cancellationToken);
}
