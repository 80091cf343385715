using System.Net.Sockets;
using System.Text;
using CimHost.Snmp.AgentX.Wire;
using CimHost.Snmp.Mib;
using CimHost.Snmp.Notifications;

namespace CimHost.Snmp.AgentX;

/// <summary>A session with a master (RFC 2741 section 7): it is opened, registers, answers, notifies, and ends with the connection.</summary>
internal sealed class AgentXSession : IDisposable
{
    // A master that is silent on its own business for that long is gone.
    private static readonly TimeSpan s_answerWithin = TimeSpan.FromSeconds(10);

    private readonly NetworkStream _stream;
    private readonly ISnmpEngineFacts _engine;
    private readonly AgentXResponder _responder;
    private readonly SemaphoreSlim _sending = new(1);
    private readonly AgentXWriter _writer = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<uint, TaskCompletionSource<AgentXResponse>> _waiting = [];
    private uint _packetId;
    private uint _id;
    private bool _isOpen;
    private long _ahead;

    /// <summary>A session over a connection, not open yet.</summary>
    /// <param name="socket">The connection; the session ends it.</param>
    /// <param name="tree">The variables.</param>
    /// <param name="engine">This engine.</param>
    public AgentXSession(Socket socket, IMibTree tree, ISnmpEngineFacts engine)
    {
        _stream = new NetworkStream(socket, ownsSocket: true);
        _engine = engine;
        _responder = new AgentXResponder(tree, () => Volatile.Read(ref _ahead));
    }

    /// <summary>Opens the session (section 6.2.1).</summary>
    /// <param name="timeoutSeconds">Within how many seconds requests are answered.</param>
    /// <param name="id">What this subagent is.</param>
    /// <param name="description">What it is, for people.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="IOException">The master refuses or does not answer.</exception>
    public async Task OpenAsync(byte timeoutSeconds, Oid id, string description, CancellationToken cancellationToken)
    {
        AgentXResponse response = await CallAsync(
            AgentXType.Open,
            w =>
            {
                w.WriteByte(timeoutSeconds);
                w.WriteZeros(3);
                w.WriteOid(id);
                w.WriteOctetString(Encoding.UTF8.GetBytes(description));
            },
            cancellationToken);
        Require(response, "to open a session");
        (_id, _isOpen) = (response.SessionId, true);
    }

    /// <summary>Registers a subtree (section 6.2.3).</summary>
    /// <returns>What the master says to it.</returns>
    /// <exception cref="IOException">The master does not answer.</exception>
    public async Task<AgentXError> RegisterAsync(Oid subtree, byte priority, CancellationToken cancellationToken) =>
        (await CallAsync(
            AgentXType.Register,
            w =>
            {
                // r.timeout 0: that of the session. r.range_subid 0: the subtree alone.
                w.WriteByte(0);
                w.WriteByte(priority);
                w.WriteZeros(2);
                w.WriteOid(subtree);
            },
            cancellationToken)).Error;

    /// <summary>Has the master name a module in its sysORTable (section 6.2.14).</summary>
    /// <exception cref="IOException">The master refuses or does not answer.</exception>
    public async Task AddCapabilitiesAsync(Oid module, string description, CancellationToken cancellationToken) => Require(
        await CallAsync(
            AgentXType.AddAgentCaps,
            w =>
            {
                w.WriteOid(module);
                w.WriteOctetString(Encoding.UTF8.GetBytes(description));
            },
            cancellationToken),
        $"to name {module} in its sysORTable");

    /// <summary>Has the master send a notification to those whom it notifies (section 6.2.10).</summary>
    /// <exception cref="IOException">The master refuses or does not answer.</exception>
    public async Task NotifyAsync(Notification notification, CancellationToken cancellationToken) => Require(
        await CallAsync(
            AgentXType.Notify,
            w =>
            {
                // The master puts its own sysUpTime before them.
                w.WriteVarBind(new VarBind(Notification.TrapOid, SnmpValue.ObjectIdentifier(notification.Name)));
                foreach (VarBind variable in notification.Variables)
                {
                    w.WriteVarBind(variable);
                }
            },
            cancellationToken),
        "to send a notification");

    /// <summary>Asks whether the master is there (section 6.2.11).</summary>
    /// <exception cref="IOException">It is not.</exception>
    public async Task PingAsync(CancellationToken cancellationToken) => Require(await CallAsync(AgentXType.Ping, static _ => { }, cancellationToken), "a ping");

    /// <summary>Takes leave (section 6.2.2), as far as the master still listens.</summary>
    public async Task CloseAsync(AgentXCloseReason reason, CancellationToken cancellationToken)
    {
        if (!_isOpen)
        {
            return;
        }

        try
        {
            await SendAsync(
                AgentXType.Close,
                w =>
                {
                    w.WriteByte((byte)reason);
                    w.WriteZeros(3);
                },
                NextPacket(),
                cancellationToken);
        }
        catch (IOException)
        {
            // It is gone already.
        }
    }

    /// <summary>Takes what the master sends and answers it, until the session ends.</summary>
    /// <exception cref="IOException">The master ended it, or sent what is no PDU; the message says which.</exception>
    public async Task ReceiveAsync(CancellationToken cancellationToken)
    {
        byte[] head = new byte[AgentXHeader.Length];
        byte[] payload = new byte[4096];
        var request = new AgentXRequest();
        var answer = new AgentXWriter();
        try
        {
            while (true)
            {
                await _stream.ReadExactlyAsync(head, cancellationToken);
                if (!AgentXHeader.TryRead(head, out AgentXHeader header))
                {
                    await CloseAsync(AgentXCloseReason.ParseError, cancellationToken);
                    throw new IOException("what the master sends is no PDU of AgentX");
                }

                if (payload.Length < header.PayloadLength)
                {
                    payload = new byte[header.PayloadLength];
                }

                Memory<byte> octets = payload.AsMemory(0, header.PayloadLength);
                await _stream.ReadExactlyAsync(octets, cancellationToken);
                switch (header.Type)
                {
                    case AgentXType.Response:
                        Take(header, octets.Span);
                        break;
                    case AgentXType.Close:
                        throw new IOException($"the master ended the session: {(AgentXCloseReason)(octets.IsEmpty ? (byte)AgentXCloseReason.Other : octets.Span[0])}");
                    default:
                        await AnswerAsync(request, header, octets, answer, cancellationToken);
                        break;
                }
            }
        }
        catch (Exception e) when (e is EndOfStreamException or ObjectDisposedException)
        {
            throw new IOException(e is EndOfStreamException ? "the master closed the connection" : "the master took nothing any more");
        }
        finally
        {
            Abandon();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private static void Require(AgentXResponse response, string what)
    {
        if (response.Error != AgentXError.None)
        {
            throw new IOException($"the master refuses {what}: {response.Error}");
        }
    }

    private async ValueTask AnswerAsync(AgentXRequest request, AgentXHeader header, ReadOnlyMemory<byte> payload, AgentXWriter answer, CancellationToken cancellationToken)
    {
        // Section 7.2.2: what cannot be read, and what is of another session, is told so.
        AgentXError error = header.SessionId != _id ? AgentXError.NotOpen : request.TryRead(header, payload.Span) ? AgentXError.None : AgentXError.ParseError;
        if (error != AgentXError.None)
        {
            AgentXResponder.WriteHead(answer, header, (ushort)error, 0);
            await SendAsync(answer.End, cancellationToken);
            return;
        }

        if (await _responder.RespondAsync(request, answer, cancellationToken))
        {
            await SendAsync(answer.End, cancellationToken);
        }
    }

    private void Take(AgentXHeader header, ReadOnlySpan<byte> payload)
    {
        if (!AgentXResponse.TryRead(header, payload, out AgentXResponse response))
        {
            return;
        }

        Volatile.Write(ref _ahead, (long)response.UpTime - _engine.UpTime);
        lock (_lock)
        {
            if (_waiting.Remove(header.PacketId, out TaskCompletionSource<AgentXResponse>? waiting))
            {
                waiting.TrySetResult(response);
            }
        }
    }

    private async Task<AgentXResponse> CallAsync(AgentXType type, Action<AgentXWriter> write, CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<AgentXResponse>(TaskCreationOptions.RunContinuationsAsynchronously);
        uint packet = NextPacket();
        lock (_lock)
        {
            _waiting[packet] = answer;
        }

        try
        {
            await SendAsync(type, write, packet, cancellationToken);
            return await answer.Task.WaitAsync(s_answerWithin, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new IOException($"the master did not answer within {s_answerWithin.TotalSeconds:0} s");
        }
        finally
        {
            lock (_lock)
            {
                _waiting.Remove(packet);
            }
        }
    }

    private Task SendAsync(AgentXType type, Action<AgentXWriter> write, uint packet, CancellationToken cancellationToken) => SendAsync(
        () =>
        {
            _writer.Begin(type, _id, 0, packet);
            write(_writer);
            return _writer.End();
        },
        cancellationToken);

    // A PDU is sent whole or the session is over: nothing after half a one could be understood.
    private async Task SendAsync(Func<ReadOnlyMemory<byte>> make, CancellationToken cancellationToken)
    {
        await _sending.WaitAsync(cancellationToken);
        try
        {
            using var limit = new CancellationTokenSource(s_answerWithin);
            await _stream.WriteAsync(make(), limit.Token);
        }
        catch (OperationCanceledException)
        {
            await _stream.DisposeAsync();
            throw new IOException($"the master took nothing for {s_answerWithin.TotalSeconds:0} s");
        }
        catch (ObjectDisposedException)
        {
            throw new IOException("the session with the master ended");
        }
        finally
        {
            _sending.Release();
        }
    }

    private uint NextPacket() => Interlocked.Increment(ref _packetId);

    // Whoever still waits for an answer gets none any more.
    private void Abandon()
    {
        lock (_lock)
        {
            foreach (TaskCompletionSource<AgentXResponse> waiting in _waiting.Values)
            {
                waiting.TrySetException(new IOException("the session with the master ended"));
            }

            _waiting.Clear();
        }
    }
}
