using CimHost.VmKernel.FileSystem;

namespace CimHost.VmKernel.SystemCalls.Pipes;

/// <summary>The end of a pipe that is written.</summary>
internal sealed class PipeWriter(PipeBuffer pipe, OpenFlags flags) : OpenFile(OpenFlags.O_WRONLY | flags), IKernelFile
{
    /// <inheritdoc/>
    public int FileType => Stat.Fifo;

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        throw new KernelException(Errno.EBADF, "This end of the pipe is for writing.");

    /// <inheritdoc/>
    public override ValueTask<int> WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        pipe.WriteAsync(buffer, (Flags & OpenFlags.O_NONBLOCK) == 0, cancellationToken);

    /// <inheritdoc/>
    public override PollEvents Poll() =>
        (pipe.HasRoom ? PollEvents.POLLOUT : 0) | (pipe.ReadersGone ? PollEvents.POLLERR : 0);

    /// <inheritdoc/>
    public override Task WaitForChangeAsync(CancellationToken cancellationToken) => pipe.Changes.Next.WaitAsync(cancellationToken);

    /// <inheritdoc/>
    protected override void Close() => pipe.CloseWriters();
}
