using CimHost.VmKernel.FileSystem;

namespace CimHost.VmKernel.SystemCalls.Pipes;

/// <summary>The end of a pipe that is read.</summary>
internal sealed class PipeReader(PipeBuffer pipe, OpenFlags flags) : OpenFile(OpenFlags.O_RDONLY | flags), IKernelFile
{
    /// <inheritdoc/>
    public int FileType => Stat.Fifo;

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        pipe.ReadAsync(buffer, (Flags & OpenFlags.O_NONBLOCK) == 0, cancellationToken);

    /// <inheritdoc/>
    public override ValueTask<int> WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        throw new KernelException(Errno.EBADF, "This end of the pipe is for reading.");

    /// <inheritdoc/>
    public override PollEvents Poll() =>
        (pipe.HasBytes ? PollEvents.POLLIN : 0) | (pipe.WritersGone ? PollEvents.POLLHUP : 0);

    /// <inheritdoc/>
    public override Task WaitForChangeAsync(CancellationToken cancellationToken) => pipe.Changes.Next.WaitAsync(cancellationToken);

    /// <inheritdoc/>
    protected override void Close() => pipe.CloseReaders();
}
