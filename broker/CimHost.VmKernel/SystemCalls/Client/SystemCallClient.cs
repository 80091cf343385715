using System.Net.Sockets;
using CimHost.VmKernel.SystemCalls.Protocol;
using CimHost.VmKernel.Worlds;

namespace CimHost.VmKernel.SystemCalls.Client;

/// <summary>
/// The system calls of one thread of a process world: what a program links to talk to the kernel. It needs nothing else of this
/// assembly. Large transfers are cut: read() and write() move 1 MiB at most at a time.
/// </summary>
public sealed partial class SystemCallClient : ISystemCalls, IAsyncDisposable
{
    private const string DescriptorPrefix = "fd:";
    private readonly SystemCallConnection _connection;
    private readonly int _thread;

    internal SystemCallClient(SystemCallConnection connection, int thread)
    {
        _connection = connection;
        _thread = thread;
    }

    /// <summary>Cancelled when the world has ended.</summary>
    public CancellationToken End => _connection.End;

    /// <summary>Connects to the kernel that started this process, as the environment tells: <c>fd:N</c>, or the path of a socket.</summary>
    /// <returns>System calls of the first thread.</returns>
    /// <exception cref="KernelException">ENXIO the process was not started as a world, or the kernel is gone.</exception>
    public static async Task<SystemCallClient> ConnectAsync()
    {
        string? where = Environment.GetEnvironmentVariable(ProcessProgram.SystemCallVariable);
        if (string.IsNullOrEmpty(where))
        {
            throw new KernelException(Errno.ENXIO, $"{ProcessProgram.SystemCallVariable} is not set: the program was not started as a world.");
        }

        try
        {
            Socket socket = await OpenAsync(where);
            return new SystemCallClient(new SystemCallConnection(new NetworkStream(socket, ownsSocket: true)), thread: 1);
        }
        catch (Exception failure) when (failure is SocketException or IOException or FormatException)
        {
            throw new KernelException(Errno.ENXIO, $"The kernel cannot be reached at {where}: {failure.Message}");
        }
    }

    /// <summary>Runs a program as the kernel runs one in-process, and ends the process with its exit code.</summary>
    /// <param name="program">The program.</param>
    /// <param name="arguments">Arguments, the name of the program first.</param>
    /// <returns>Exit code for the process.</returns>
    public static async Task<int> RunAsync(IProgram program, IReadOnlyList<string> arguments)
    {
        await using SystemCallClient client = await ConnectAsync();
        return await program.RunAsync(client, arguments, client.End);
    }

    /// <inheritdoc/>
    public ValueTask<long> CallAsync(string name, params IReadOnlyList<long> arguments) => NamedCalls.CallAsync(this, name, arguments);

    /// <summary>Closes the connection of all threads. The kernel does not end the world for it.</summary>
    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    internal async ValueTask<T> CallAsync<T>(SystemCallNumber number, Action<PayloadWriter> write, Func<PayloadReader, T> read)
    {
        var payload = new PayloadWriter();
        write(payload);
        return read(await _connection.CallAsync(_thread, number, payload.Written));
    }

    private static async Task<Socket> OpenAsync(string where)
    {
        if (where.StartsWith(DescriptorPrefix, StringComparison.Ordinal))
        {
            return new Socket(new SafeSocketHandle(int.Parse(where.AsSpan(DescriptorPrefix.Length)), ownsHandle: true));
        }

        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(where));
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static int Chunk(int length) => Math.Min(length, SystemCallServer.LargestTransfer);

    private async ValueTask CallAsync(SystemCallNumber number, Action<PayloadWriter> write) =>
        await CallAsync(number, write, static _ => true);

    private ValueTask<int> ReceiveAsync(SystemCallNumber number, Action<PayloadWriter> write, Memory<byte> buffer) =>
        CallAsync(number, write, r =>
        {
            ReadOnlyMemory<byte> bytes = r.Bytes();
            bytes.CopyTo(buffer);
            return bytes.Length;
        });

    private async Task RunThreadAsync(Func<ISystemCalls, Task<int>> entry)
    {
        int value = await entry(this);
        await CallAsync(SystemCallNumber.ThreadExit, w => w.Int32(value));
    }
}
