using System.Buffers;

namespace CimHost.VmKernel.SystemCalls.Protocol;

/// <summary>Frames over a stream of bytes.</summary>
internal sealed class FrameStream(Stream stream) : IAsyncDisposable
{
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly ArrayBufferWriter<byte> _output = new(256);
    private byte[] _input = new byte[4096];
    private int _start;
    private int _end;

    /// <summary>Receives a frame, with a payload of its own.</summary>
    /// <returns>Null when the other end has closed.</returns>
    /// <exception cref="KernelException">EPROTO.</exception>
    public async ValueTask<SystemCallFrame?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (SystemCallFrame.TryRead(_input.AsMemory(_start, _end - _start), out SystemCallFrame frame, out int consumed))
            {
                _start += consumed;
                return frame with { Payload = frame.Payload.ToArray() };
            }

            MakeRoom();
            int read = await stream.ReadAsync(_input.AsMemory(_end), cancellationToken);
            if (read == 0)
            {
                return null;
            }

            _end += read;
        }
    }

    /// <summary>Sends a frame.</summary>
    /// <exception cref="KernelException">E2BIG.</exception>
    public async ValueTask WriteAsync(SystemCallFrame frame)
    {
        await _writing.WaitAsync();
        try
        {
            _output.ResetWrittenCount();
            frame.Write(_output);
            await stream.WriteAsync(_output.WrittenMemory);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => stream.DisposeAsync();

    private void MakeRoom()
    {
        if (_start > 0)
        {
            _input.AsSpan(_start, _end - _start).CopyTo(_input);
            _end -= _start;
            _start = 0;
        }

        if (_end == _input.Length)
        {
            Array.Resize(ref _input, Math.Min(_input.Length * 2, SystemCallFrame.HeaderSize + SystemCallFrame.LargestPayload));
        }
    }
}
