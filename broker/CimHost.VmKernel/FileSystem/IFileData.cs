namespace CimHost.VmKernel.FileSystem;

/// <summary>
/// Content of a regular file that is open. Offsets and sizes are in bytes; access was checked by the caller. Memory-backed content
/// completes synchronously and without allocation.
/// </summary>
internal interface IFileData
{
    /// <summary>Reads at an offset; 0 at the end.</summary>
    ValueTask<int> ReadAsync(Memory<byte> buffer, long offset, CancellationToken cancellationToken);

    /// <summary>Writes at an offset, or at the end: finding the end and writing there is one step.</summary>
    /// <param name="buffer">The bytes.</param>
    /// <param name="offset">Where; <see cref="FileWrite.Append"/> for the end.</param>
    /// <param name="caller">Who: a write by a user without privileges clears the set-ID bits.</param>
    /// <param name="cancellationToken">Ends the wait; nothing was written when it throws.</param>
    ValueTask<FileWrite> WriteAsync(ReadOnlyMemory<byte> buffer, long offset, Credentials caller, CancellationToken cancellationToken);

    /// <summary>Cuts or extends the file with zeroes.</summary>
    ValueTask TruncateAsync(long size, Credentials caller, CancellationToken cancellationToken);

    /// <summary>Completes when what was written is where the file system keeps it.</summary>
    ValueTask SyncAsync(CancellationToken cancellationToken);

    /// <summary>What fstat() tells when only the open file knows it; null when the inode does.</summary>
    FileStatus? GetOpenStatus() => null;

    /// <summary>The last descriptor is gone.</summary>
    void Close(OpenFlags flags);
}
