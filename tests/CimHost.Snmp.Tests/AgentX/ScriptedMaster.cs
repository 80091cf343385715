using System.Net;
using System.Net.Sockets;
using CimHost.Snmp.AgentX.Wire;

namespace CimHost.Snmp.Tests.AgentX;

/// <summary>A master that a test plays, PDU by PDU.</summary>
internal sealed class ScriptedMaster : IDisposable
{
    /// <summary>Number that it gives to sessions.</summary>
    public const uint SessionId = 77;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly AgentXWriter _writer = new();
    private NetworkStream? _stream;

    /// <summary>Listens.</summary>
    public ScriptedMaster() => _listener.Start();

    /// <summary>Where it listens, as the configuration has it.</summary>
    public string Address => $"tcp:{_listener.LocalEndpoint}";

    /// <summary>Takes the next connection, in place of the one before.</summary>
    public async Task AcceptAsync(CancellationToken cancellationToken)
    {
        _stream?.Dispose();
        _stream = new NetworkStream(await _listener.AcceptSocketAsync(cancellationToken), ownsSocket: true);
    }

    /// <summary>Receives a PDU.</summary>
    public async Task<(AgentXHeader Header, byte[] Payload)> ReceiveAsync(CancellationToken cancellationToken)
    {
        byte[] head = new byte[AgentXHeader.Length];
        await _stream!.ReadExactlyAsync(head, cancellationToken);
        Assert.True(AgentXHeader.TryRead(head, out AgentXHeader header));
        byte[] payload = new byte[header.PayloadLength];
        await _stream.ReadExactlyAsync(payload, cancellationToken);
        return (header, payload);
    }

    /// <summary>Receives a PDU of a kind and answers it with success.</summary>
    public async Task<byte[]> GrantAsync(AgentXType type, CancellationToken cancellationToken)
    {
        (AgentXHeader header, byte[] payload) = await ReceiveAsync(cancellationToken);
        Assert.Equal(type, header.Type);
        await SendAsync(AgentXType.Response, header.PacketId, static w => w.WriteZeros(8), cancellationToken);
        return payload;
    }

    /// <summary>Sends a PDU.</summary>
    public async Task SendAsync(AgentXType type, uint packetId, Action<AgentXWriter> write, CancellationToken cancellationToken)
    {
        _writer.Begin(type, SessionId, 5, packetId);
        write(_writer);
        await SendAsync(_writer.End(), cancellationToken);
    }

    /// <summary>Sends octets.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> octets, CancellationToken cancellationToken) => await _stream!.WriteAsync(octets, cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
        _stream?.Dispose();
        _listener.Dispose();
    }
}
