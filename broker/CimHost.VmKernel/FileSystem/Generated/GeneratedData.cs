namespace CimHost.VmKernel.FileSystem.Generated;

/// <summary>Content that was made when the file was opened.</summary>
internal sealed class GeneratedData(byte[] content) : IFileData
{
    public ValueTask<int> ReadAsync(Memory<byte> buffer, long offset, CancellationToken cancellationToken)
    {
        int count = (int)Math.Clamp(content.Length - offset, 0, buffer.Length);
        content.AsSpan((int)Math.Min(offset, content.Length), count).CopyTo(buffer.Span);
        return ValueTask.FromResult(count);
    }

    public ValueTask<FileWrite> WriteAsync(ReadOnlyMemory<byte> buffer, long offset, Credentials caller, CancellationToken cancellationToken) =>
        throw FileErrors.Of(Errno.EROFS, "write");

    public ValueTask TruncateAsync(long size, Credentials caller, CancellationToken cancellationToken) =>
        throw FileErrors.Of(Errno.EROFS, "truncate");

    public ValueTask SyncAsync(CancellationToken cancellationToken) => default;

    public void Close(OpenFlags flags)
    {
    }
}
