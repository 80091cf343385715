using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace CimHost.Endpoints;

/// <summary>
/// Collects an answer: one that stays small is sent whole, with its length; a larger one is streamed in chunks as it is made, so that no
/// answer is held in memory whole.
/// </summary>
internal sealed class ResponseBuffer(HttpResponse response) : IBufferWriter<byte>, IDisposable
{
    private const int ChunkSize = 64 * 1024;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(ChunkSize);
    private int _length;
    private bool _sent;

    /// <summary>True when it is time to send what is there.</summary>
    public bool IsFull => _length >= ChunkSize - (4 * 1024);

    /// <summary>Starts to watch whether anything is sent from here on.</summary>
    public int Mark()
    {
        _sent = false;
        return _length;
    }

    /// <summary>Takes back what was written since the mark; false when some of it has left already.</summary>
    public bool TryRewind(int mark)
    {
        if (_sent)
        {
            return false;
        }

        _length = mark;
        return true;
    }

    /// <inheritdoc/>
    public void Advance(int count) => _length += count;

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        if (_buffer.Length - _length < Math.Max(sizeHint, 1))
        {
            Grow(sizeHint);
        }

        return _buffer.AsSpan(_length);
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        GetSpan(sizeHint);
        return _buffer.AsMemory(_length);
    }

    /// <summary>Sends what is there as a part of the answer; waits while the client does not take it.</summary>
    public async ValueTask SendPartAsync(CancellationToken cancellationToken)
    {
        await response.BodyWriter.WriteAsync(_buffer.AsMemory(0, _length), cancellationToken);
        _length = 0;
        _sent = true;
    }

    /// <summary>Sends the rest of the answer.</summary>
    public async ValueTask CompleteAsync(CancellationToken cancellationToken)
    {
        if (!response.HasStarted)
        {
            response.ContentLength = _length;
        }

        await SendPartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    private void Grow(int sizeHint)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(checked(Math.Max(_buffer.Length * 2, _length + sizeHint)));
        _buffer.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
