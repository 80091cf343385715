using System.Collections.Concurrent;
using System.Text;
using CimHost.VmKernel.SystemCalls.Protocol;
using CimHost.VmKernel.Worlds;

namespace CimHost.VmKernel.SystemCalls.Client;

/// <summary>The socket over which all threads of a process world make their system calls.</summary>
internal sealed class SystemCallConnection : IAsyncDisposable
{
    private readonly FrameStream _frames;
    private readonly ConcurrentDictionary<uint, TaskCompletionSource<SystemCallFrame>> _pending = new();
    private readonly CancellationTokenSource _closed = new();
    private uint _lastId;

    public SystemCallConnection(Stream stream)
    {
        _frames = new FrameStream(stream);
        _ = ReceiveAsync();
    }

    /// <summary>Handlers of this process.</summary>
    public ClientSignalHandlers Handlers { get; } = new();

    /// <summary>Cancelled when the kernel has closed the connection: the world has ended.</summary>
    public CancellationToken End => _closed.Token;

    /// <summary>Makes a call.</summary>
    /// <exception cref="KernelException">What the kernel answered.</exception>
    /// <exception cref="WorldEndedException">The connection is closed.</exception>
    public async ValueTask<PayloadReader> CallAsync(int thread, SystemCallNumber number, ReadOnlyMemory<byte> payload)
    {
        uint id = Interlocked.Increment(ref _lastId);
        var answer = new TaskCompletionSource<SystemCallFrame>(TaskCreationOptions.RunContinuationsAsynchronously);
        _pending[id] = answer;
        try
        {
            await _frames.WriteAsync(new SystemCallFrame(id, thread, (int)number, payload));
            SystemCallFrame frame = await answer.Task.WaitAsync(_closed.Token);
            return frame.Code == 0
                ? new PayloadReader(frame.Payload)
                : throw new KernelException((Errno)frame.Code, Encoding.UTF8.GetString(frame.Payload.Span));
        }
        catch (Exception failure) when (failure is IOException or OperationCanceledException or ObjectDisposedException)
        {
            throw new WorldEndedException("The kernel has closed the connection: the world has ended.");
        }
        finally
        {
            _pending.TryRemove(id, out _);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync();
        Handlers.Dispose();
        await _frames.DisposeAsync();
    }

    private async Task ReceiveAsync()
    {
        try
        {
            while (await _frames.ReadAsync(_closed.Token) is { } answer)
            {
                if (_pending.TryRemove(answer.Id, out TaskCompletionSource<SystemCallFrame>? waiting))
                {
                    waiting.TrySetResult(answer);
                }
            }
        }
        catch (Exception failure) when (failure is IOException or OperationCanceledException or ObjectDisposedException or KernelException)
        {
            // Closed, or not a kernel at the other end: no call can be answered any more.
        }

        await _closed.CancelAsync();
    }
}
