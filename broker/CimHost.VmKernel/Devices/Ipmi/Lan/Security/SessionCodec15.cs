using System.Buffers.Binary;
using System.Security.Cryptography;
using CimHost.VmKernel.Devices.Ipmi.Lan.Wire;

namespace CimHost.VmKernel.Devices.Ipmi.Lan.Security;

/// <summary>The packets of an IPMI 1.5 session (IPMI 2.0 §13.6, §22.17.1): no encryption, an MD5 digest or the password in each packet.</summary>
public sealed class SessionCodec15 : ISessionCodec
{
    /// <summary>Longest password of IPMI 1.5.</summary>
    public const int MaxPassword = 16;

    private readonly AuthenticationType _type;
    private readonly uint _id;
    private readonly byte[] _password;
    private readonly Lock _wrapping = new();
    private uint _sequence;
    private ReplayWindow _window;

    /// <summary>Creates it.</summary>
    /// <param name="type">Agreed kind of authentication: none, MD5 or password.</param>
    /// <param name="sessionId">Session id, or the temporary one of a session challenge.</param>
    /// <param name="sequence">Number of the first packet to the BMC; 0 while the session is being activated.</param>
    /// <param name="password">16 bytes.</param>
    public SessionCodec15(AuthenticationType type, uint sessionId, uint sequence, byte[] password)
    {
        _type = type;
        _id = sessionId;
        _sequence = sequence;
        _password = password;
    }

    /// <inheritdoc/>
    public int Wrap(ReadOnlySpan<byte> message, Span<byte> packet)
    {
        lock (_wrapping)
        {
            int at = RmcpHeader.Ipmi.Write(packet);
            Span<byte> body = packet[at..];
            int payload = SessionHeader.Write(body, _type, _sequence, _id, (byte)message.Length);
            message.CopyTo(body[payload..]);
            if (_type != AuthenticationType.None)
            {
                Code(message, _sequence, body.Slice(9, SessionHeader.CodeLength));
            }

            // 0 stays 0: packets before the session is active carry no number.
            _sequence = _sequence == 0 ? 0 : _sequence == uint.MaxValue ? 1 : _sequence + 1;
            return at + payload + message.Length;
        }
    }

    /// <inheritdoc/>
    public bool TryUnwrap(ReadOnlySpan<byte> packet, Span<byte> message, out int length)
    {
        length = 0;
        if (packet.Length > ISessionCodec.MaxPacket || !RmcpHeader.TryRead(packet, out RmcpHeader rmcp) || rmcp.Class != RmcpClass.Ipmi || rmcp.IsAcknowledge)
        {
            return false;
        }

        ReadOnlySpan<byte> body = packet[RmcpHeader.Length..];
        if (!SessionHeader.TryRead(body, out SessionHeader header) || header.Type != _type || header.SessionId != _id)
        {
            return false;
        }

        ReadOnlySpan<byte> payload = body.Slice(header.PayloadOffset, header.PayloadLength);
        Span<byte> code = stackalloc byte[SessionHeader.CodeLength];
        if (_type != AuthenticationType.None)
        {
            Code(payload, header.Sequence, code);
            if (!KeyExchange.Matches(code, body.Slice(header.CodeOffset, SessionHeader.CodeLength)))
            {
                return false;
            }
        }

        // While the session is being activated, answers carry no number either.
        if (_sequence != 0 && !_window.TryAccept(header.Sequence))
        {
            return false;
        }

        payload.CopyTo(message);
        length = payload.Length;
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => CryptographicOperations.ZeroMemory(_password);

    private void Code(ReadOnlySpan<byte> message, uint sequence, Span<byte> destination)
    {
        if (_type == AuthenticationType.Password)
        {
            _password.CopyTo(destination);
            return;
        }

        // §22.17.1: MD5 over password, session id, message, sequence number, password.
        Span<byte> data = stackalloc byte[(2 * MaxPassword) + 8 + byte.MaxValue];
        _password.CopyTo(data);
        BinaryPrimitives.WriteUInt32LittleEndian(data[16..], _id);
        message.CopyTo(data[20..]);
        BinaryPrimitives.WriteUInt32LittleEndian(data[(20 + message.Length)..], sequence);
        _password.CopyTo(data[(24 + message.Length)..]);
#pragma warning disable CA5351 // What IPMI 1.5 prescribes.
        MD5.HashData(data[..(40 + message.Length)], destination);
#pragma warning restore CA5351
    }
}
