using Microsoft.Win32.SafeHandles;

namespace CimHost.VmKernel.FileSystem.Host;

/// <summary>An open regular file of the Linux host.</summary>
internal sealed class HostFileData(HostFileSystem fileSystem, SafeFileHandle file, string name) : IFileData
{
    private const int DiskFull = unchecked((int)0x80070070);
    private const int LargestErrno = 4095;

    public async ValueTask<int> ReadAsync(Memory<byte> buffer, long offset, CancellationToken cancellationToken)
    {
        try
        {
            return await RandomAccess.ReadAsync(file, buffer, offset, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            throw Failure(e);
        }
    }

    public async ValueTask<FileWrite> WriteAsync(ReadOnlyMemory<byte> buffer, long offset, Credentials caller, CancellationToken cancellationToken)
    {
        bool appends = offset == FileWrite.Append;
        if (appends)
        {
            await fileSystem.Appends.EnterAsync(shared: false, cancellationToken);
        }

        try
        {
            long at = appends ? RandomAccess.GetLength(file) : offset;
            if (at > long.MaxValue - buffer.Length)
            {
                throw FileErrors.Of(Errno.EFBIG, name);
            }

            await RandomAccess.WriteAsync(file, buffer, at, cancellationToken);
            return new FileWrite(buffer.Length, at + buffer.Length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            throw Failure(e);
        }
        finally
        {
            if (appends)
            {
                fileSystem.Appends.Exit();
            }
        }
    }

    public ValueTask TruncateAsync(long size, Credentials caller, CancellationToken cancellationToken)
    {
        try
        {
            RandomAccess.SetLength(file, size);
            return default;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw Failure(e);
        }
    }

    public async ValueTask SyncAsync(CancellationToken cancellationToken)
    {
        try
        {
            // fsync() blocks until the disk answers: not on a thread of the pool.
            await Task.Factory.StartNew(() => RandomAccess.FlushToDisk(file), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failure(e);
        }
    }

    // Its name may be gone or mean another file.
    public FileStatus? GetOpenStatus() => fileSystem.Shown(LinuxFileCalls.Status(file, string.Empty, 0, name));

    public void Close(OpenFlags flags) => file.Dispose();

    // .NET keeps the error number of Linux in the result of most exceptions.
    private KernelException Failure(Exception e) => FileErrors.Of(
        e switch
        {
            UnauthorizedAccessException => Errno.EACCES,
            ObjectDisposedException => Errno.EBADF,
            ArgumentException => Errno.EINVAL,
            { HResult: DiskFull } => Errno.ENOSPC,
            { HResult: > 0 and <= LargestErrno } => (Errno)e.HResult,
            _ => Errno.EIO,
        },
        name);
}
