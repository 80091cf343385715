using System.Security.Cryptography;
using CimHost.VmKernel.Devices.Ipmi.Lan.Wire;

namespace CimHost.VmKernel.Devices.Ipmi.Lan.Security;

/// <summary>
/// The packets of an RMCP+ session (IPMI 2.0 §13.6, §13.28, §13.29): integrity code in the session trailer, AES-CBC-128 payload, sequence
/// numbers. Both the console and the BMC use it, each with its own and the other's session id.
/// </summary>
public sealed class RmcpPlusCodec : ISessionCodec
{
    private const int Block = 16;
    private const byte NextHeader = 0x07;

    private readonly CipherSuite _suite;
    private readonly uint _ownId;
    private readonly uint _peerId;
    private readonly byte[] _integrityKey;
    private readonly Lock _wrapping = new();
    private readonly Aes? _encryption;
    private readonly Aes? _decryption;
    private uint _sequence;
    private ReplayWindow _window;

    /// <summary>Derives K1 and K2 from the session key of a key exchange.</summary>
    /// <param name="exchange">The finished key exchange.</param>
    /// <param name="sessionKey">Its session key.</param>
    /// <param name="isConsole">True on the console's side, false on the BMC's.</param>
    public RmcpPlusCodec(KeyExchange exchange, byte[] sessionKey, bool isConsole)
    {
        _suite = exchange.Suite;
        (_ownId, _peerId) = isConsole ? (exchange.ConsoleSessionId, exchange.BmcSessionId) : (exchange.BmcSessionId, exchange.ConsoleSessionId);
        _integrityKey = exchange.AdditionalKey(sessionKey, 1);
        if (_suite.IsEncrypted)
        {
            byte[] key = exchange.AdditionalKey(sessionKey, 2)[..Block];
            _encryption = Aes.Create();
            _encryption.Key = key;
            _decryption = Aes.Create();
            _decryption.Key = key;
        }
    }

    /// <inheritdoc/>
    public int Wrap(ReadOnlySpan<byte> message, Span<byte> packet)
    {
        lock (_wrapping)
        {
            // A new number would repeat one after 2^32 packets; 0 is for packets outside a session.
            _sequence = _sequence == uint.MaxValue ? 1 : _sequence + 1;
            int at = RmcpHeader.Ipmi.Write(packet);
            Span<byte> body = packet[at..];
            int payload = _encryption is null ? Plain(message, body[RmcpPlusHeader.Length..]) : Encrypt(_encryption, message, body[RmcpPlusHeader.Length..]);
            new RmcpPlusHeader(PayloadType.Ipmi, _encryption is not null, _suite.HasIntegrity, _peerId, _sequence, (ushort)payload).Write(body);
            return at + AddTrailer(body, RmcpPlusHeader.Length + payload);
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
        if (!RmcpPlusHeader.TryRead(body, out RmcpPlusHeader header)
            || header.Type != PayloadType.Ipmi
            || header.SessionId != _ownId
            || header.IsAuthenticated != _suite.HasIntegrity
            || header.IsEncrypted != _suite.IsEncrypted
            || !_window.Allows(header.Sequence)
            || !IsAuthentic(body, RmcpPlusHeader.Length + header.PayloadLength))
        {
            return false;
        }

        ReadOnlySpan<byte> payload = body.Slice(RmcpPlusHeader.Length, header.PayloadLength);
        bool read = _decryption is null ? TryPlain(payload, message, out length) : TryDecrypt(_decryption, payload, message, out length);
        return read && _window.TryAccept(header.Sequence);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_integrityKey);
        _encryption?.Dispose();
        _decryption?.Dispose();
    }

    private static int Plain(ReadOnlySpan<byte> message, Span<byte> destination)
    {
        message.CopyTo(destination);
        return message.Length;
    }

    private static bool TryPlain(ReadOnlySpan<byte> payload, Span<byte> message, out int length)
    {
        payload.CopyTo(message);
        length = payload.Length;
        return true;
    }

    // §13.29: initialisation vector, then data, pad bytes 1, 2, 3…, and the number of pad bytes, to a multiple of the block.
    private static int Encrypt(Aes aes, ReadOnlySpan<byte> message, Span<byte> destination)
    {
        Span<byte> clear = stackalloc byte[ISessionCodec.MaxPacket];
        message.CopyTo(clear);
        int pad = (Block - ((message.Length + 1) % Block)) % Block;
        for (int i = 0; i < pad; i++)
        {
            clear[message.Length + i] = (byte)(i + 1);
        }

        int length = message.Length + pad + 1;
        clear[length - 1] = (byte)pad;
        RandomNumberGenerator.Fill(destination[..Block]);
        return Block + aes.EncryptCbc(clear[..length], destination[..Block], destination[Block..], PaddingMode.None);
    }

    private static bool TryDecrypt(Aes aes, ReadOnlySpan<byte> payload, Span<byte> message, out int length)
    {
        length = 0;
        if (payload.Length < 2 * Block || payload.Length % Block != 0)
        {
            return false;
        }

        int clear = aes.DecryptCbc(payload[Block..], payload[..Block], message, PaddingMode.None);
        int pad = message[clear - 1];
        if (pad >= Block || pad + 1 > clear)
        {
            return false;
        }

        length = clear - pad - 1;
        for (int i = 0; i < pad; i++)
        {
            if (message[length + i] != i + 1)
            {
                return false;
            }
        }

        return true;
    }

    private int AddTrailer(Span<byte> body, int length)
    {
        if (!_suite.HasIntegrity)
        {
            return length;
        }

        // Integrity pad to a multiple of four, counting the two bytes behind it (table 13-8).
        int pad = (4 - ((length + 2) % 4)) % 4;
        body.Slice(length, pad).Fill(0xFF);
        length += pad;
        body[length++] = (byte)pad;
        body[length++] = NextHeader;
        Span<byte> code = stackalloc byte[_suite.DigestLength];
        _suite.Hmac(_integrityKey, body[..length], code);
        code[.._suite.CheckLength].CopyTo(body[length..]);
        return length + _suite.CheckLength;
    }

    private bool IsAuthentic(ReadOnlySpan<byte> body, int length)
    {
        if (!_suite.HasIntegrity)
        {
            return true;
        }

        int codeAt = body.Length - _suite.CheckLength;
        if (codeAt < length + 2 || body[codeAt - 1] != NextHeader)
        {
            return false;
        }

        Span<byte> code = stackalloc byte[_suite.DigestLength];
        _suite.Hmac(_integrityKey, body[..codeAt], code);
        return KeyExchange.Matches(code[.._suite.CheckLength], body[codeAt..]) && body[codeAt - 2] == codeAt - 2 - length;
    }
}
