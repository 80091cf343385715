using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices.Ipmi.Lan.Security;
using CimHost.VmKernel.Devices.Ipmi.Lan.Wire;

namespace CimHost.VmKernel.Devices.Ipmi.Lan;

/// <summary>IPMI commands one at a time before a session is open: outside any session, or in an IPMI 1.5 session that is being activated.</summary>
internal sealed class SessionlessCommands(LanTransport transport)
{
    private byte _sequence;

    /// <summary>Sends a command outside any session (IPMI 1.5 packet without authentication, session 0).</summary>
    public async Task<IpmiResponse> SendAsync(IpmiRequest request, CancellationToken cancellationToken)
    {
        using var codec = new SessionCodec15(AuthenticationType.None, 0, 0, []);
        return await SendAsync(request, codec, "its first questions", cancellationToken);
    }

    /// <summary>Sends a command with the codec given.</summary>
    public async Task<IpmiResponse> SendAsync(IpmiRequest request, ISessionCodec codec, string step, CancellationToken cancellationToken)
    {
        _sequence = (byte)((_sequence + 1) & 0x3F);
        byte sequence = _sequence;
        byte[] packet = Packet(request, codec, sequence);
        IpmiResponse? answer = null;
        await transport.ExchangeAsync(packet, received => TryRead(received.Span, codec, request, sequence, out answer), step, cancellationToken);
        return answer!.Value;
    }

    private static byte[] Packet(IpmiRequest request, ISessionCodec codec, byte sequence)
    {
        byte[] packet = new byte[ISessionCodec.MaxPacket];
        byte[] bytes = new byte[ISessionCodec.MaxMessage];
        var message = new LanMessage(LanMessage.BmcAddress, request.NetFn, 0, LanMessage.ConsoleAddress, sequence, 0, request.Command, request.Data.Span);
        int length = codec.Wrap(bytes.AsSpan(0, message.Write(bytes)), packet);
        return packet[..length];
    }

    private static bool TryRead(ReadOnlySpan<byte> packet, ISessionCodec codec, IpmiRequest request, byte sequence, out IpmiResponse? answer)
    {
        answer = null;
        Span<byte> bytes = stackalloc byte[ISessionCodec.MaxPacket];
        if (!codec.TryUnwrap(packet, bytes, out int length)
            || !LanMessage.TryRead(bytes[..length], out LanMessage message)
            || message.NetFn != (request.NetFn | 1)
            || message.Command != request.Command
            || message.Sequence != sequence)
        {
            return false;
        }

        answer = new IpmiResponse(message.Data[0], message.Data[1..].ToArray());
        return true;
    }
}
