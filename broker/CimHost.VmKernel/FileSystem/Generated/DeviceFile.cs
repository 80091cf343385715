namespace CimHost.VmKernel.FileSystem.Generated;

/// <summary>An open character device whose reads and writes never wait.</summary>
/// <param name="flags">Access mode and status flags.</param>
/// <param name="read">Fills a buffer and tells how much of it.</param>
/// <param name="write">Takes bytes and tells how many.</param>
internal sealed class DeviceFile(OpenFlags flags, Func<Memory<byte>, int> read, Func<ReadOnlyMemory<byte>, int> write) : OpenFile(flags)
{
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        CanRead ? ValueTask.FromResult(read(buffer)) : throw FileErrors.Of(Errno.EBADF, "read");

    public override ValueTask<int> WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        CanWrite ? ValueTask.FromResult(write(buffer)) : throw FileErrors.Of(Errno.EBADF, "write");
}
