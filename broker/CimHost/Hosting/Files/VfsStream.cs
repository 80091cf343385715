using CimHost.VmKernel;
using CimHost.VmKernel.FileSystem;

namespace CimHost.Hosting.Files;

/// <summary>An open file of the kernel as a stream that can be read and can seek. Only asynchronous reading: pages may have to come from the swap file.</summary>
internal sealed class VfsStream(VfsFile file) : Stream
{
    private readonly long _length = file.Status.Size;
    private long _position;
    private bool _isClosed;

    public override bool CanRead => !_isClosed;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    /// <summary>Size at the time it was opened: what was announced is what is sent.</summary>
    public override long Length => _length;

    public override long Position
    {
        get => _position;
        set => _position = value;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int wanted = (int)Math.Min(buffer.Length, Math.Max(0, _length - _position));
        if (wanted == 0)
        {
            return 0;
        }

        try
        {
            int read = await file.ReadAtAsync(buffer[..wanted], _position, cancellationToken);
            _position += read;
            return read > 0 ? read : throw new IOException("The file became shorter while it was read.");
        }
        catch (KernelException e)
        {
            throw new IOException(e.Message, e);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => _position = offset + origin switch
    {
        SeekOrigin.Begin => 0,
        SeekOrigin.Current => _position,
        _ => _length,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        if (!_isClosed)
        {
            _isClosed = true;
            await file.ReleaseAsync();
        }

        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isClosed)
        {
            _isClosed = true;
            file.Release();
        }

        base.Dispose(disposing);
    }
}
