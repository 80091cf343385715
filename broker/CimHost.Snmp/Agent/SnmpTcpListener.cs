using System.Net;
using System.Net.Sockets;
using CimHost.Snmp.Ber;
using Microsoft.Extensions.Logging;

namespace CimHost.Snmp.Agent;

/// <summary>
/// The agent over TCP (RFC 3430): a message's own length tells its end. What is no message, or is longer than this engine takes, ends the
/// connection, as nothing after it could be told apart.
/// </summary>
/// <param name="address">Where it listens.</param>
/// <param name="createAgent">Makes the agent of one connection: connections do not wait for each other.</param>
/// <param name="freshen">Called before a message is answered.</param>
/// <param name="logger">Log.</param>
internal sealed partial class SnmpTcpListener(IPEndPoint address, Func<SnmpAgent> createAgent, Func<CancellationToken, ValueTask> freshen, ILogger logger) : IDisposable
{
    private const int MaxConnections = 32;

    // A manager may leave its connection open between two polls; one that began a message has to end it soon.
    private static readonly TimeSpan s_idle = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan s_whole = TimeSpan.FromSeconds(30);

    private readonly Socket _socket = Listen(address);
    private readonly SemaphoreSlim _free = new(MaxConnections);

    /// <summary>Answers until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var running = new HashSet<Task>();
        try
        {
            while (true)
            {
                // Whoever is too many waits in the kernel's queue.
                await _free.WaitAsync(cancellationToken);
                running.RemoveWhere(t => t.IsCompleted);
                try
                {
                    running.Add(ServeAsync(await _socket.AcceptAsync(cancellationToken), cancellationToken));
                }
                catch (SocketException e) when (!cancellationToken.IsCancellationRequested)
                {
                    _free.Release();
                    LogAccept(e.SocketErrorCode);

                    // No more descriptors, for example: trying again at once would only burn the processor.
                    await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
                }
            }
        }
        finally
        {
            await Task.WhenAll(running);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _socket.Dispose();
        _free.Dispose();
    }

    private static Socket Listen(IPEndPoint address)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (address.Address.Equals(IPAddress.IPv6Any))
            {
                socket.DualMode = true;
            }

            socket.Bind(address);
            socket.Listen(MaxConnections);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task ServeAsync(Socket connection, CancellationToken cancellationToken)
    {
        await Task.Yield();
        using (connection)
        {
            try
            {
                connection.NoDelay = true;
                await AnswerAsync(connection, ((IPEndPoint)connection.RemoteEndPoint!).Address, cancellationToken);
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                // It broke, was silent for too long, or the agent ends.
            }
            finally
            {
                _free.Release();
            }
        }
    }

    private async Task AnswerAsync(Socket connection, IPAddress from, CancellationToken cancellationToken)
    {
        SnmpAgent agent = createAgent();
        byte[] buffer = new byte[SnmpServer.MaxMessage];
        int buffered = 0;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_idle);
        while (true)
        {
            int length = BerReader.MessageLength(buffer.AsSpan(0, buffered));
            if (length is < 0 or > SnmpServer.MaxMessage)
            {
                return;
            }

            if (length == 0 || length > buffered)
            {
                int more = await connection.ReceiveAsync(buffer.AsMemory(buffered), SocketFlags.None, limit.Token);
                if (more == 0)
                {
                    return;
                }

                if (buffered == 0)
                {
                    limit.CancelAfter(s_whole);
                }

                buffered += more;
                continue;
            }

            await freshen(limit.Token);
            ReadOnlyMemory<byte> answer = await agent.AnswerAsync(buffer.AsMemory(0, length), from, limit.Token);
            while (!answer.IsEmpty)
            {
                answer = answer[await connection.SendAsync(answer, SocketFlags.None, limit.Token)..];
            }

            buffer.AsSpan(length, buffered - length).CopyTo(buffer);
            buffered -= length;
            limit.CancelAfter(buffered == 0 ? s_idle : s_whole);
        }
    }

    [LoggerMessage(8003, LogLevel.Warning, "SNMP: a connection could not be accepted: {Error}")]
    private partial void LogAccept(SocketError error);
}
