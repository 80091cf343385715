using System.Buffers;

namespace CimHost.VmKernel.SystemCalls.Protocol;

/// <summary>Bytes that a request asks for.</summary>
internal static class Transfers
{
    /// <summary>Makes a call that fills a buffer, and puts what it received into the answer.</summary>
    /// <exception cref="KernelException">EPROTO the length is out of bounds, and what the call throws.</exception>
    public static async ValueTask ReceiveAsync<TState>(
        PayloadWriter writer, int length, TState state, Func<TState, Memory<byte>, ValueTask<int>> receive)
    {
        if (length is < 0 or > SystemCallServer.LargestTransfer)
        {
            throw new KernelException(Errno.EPROTO, $"A transfer of {length} bytes is not of the system-call protocol.");
        }

        byte[] buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            int received = await receive(state, buffer.AsMemory(0, length));
            writer.Bytes(buffer.AsSpan(0, received));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
