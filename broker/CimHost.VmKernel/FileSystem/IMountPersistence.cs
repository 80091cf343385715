namespace CimHost.VmKernel.FileSystem;

/// <summary>Keeps the content of a mount beyond the end of the host (/etc in the boot bank).</summary>
public interface IMountPersistence
{
    /// <summary>
    /// Keeps what the file system holds now. Called after a change and before the change is acknowledged; never by two callers at once:
    /// changes that arrive while one call runs share the next.
    /// </summary>
    /// <param name="cancellationToken">Ends the attempt when the host stops; one caller that gives up does not cancel it.</param>
    /// <exception cref="KernelException">
    /// What the callers of the changes are told; any other exception becomes EIO. The file system holds what was kept before, but for what
    /// has been changed again meanwhile.
    /// </exception>
    ValueTask CommitAsync(CancellationToken cancellationToken);
}
