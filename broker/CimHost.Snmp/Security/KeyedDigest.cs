using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Macs;
using Org.BouncyCastle.Crypto.Parameters;

namespace CimHost.Snmp.Security;

/// <summary>The digest of whole messages under one key (RFC 3414 section 6.3 and 7.3, RFC 7860 section 4.2). May be used from any thread.</summary>
internal sealed class KeyedDigest : IDisposable
{
    private static readonly byte[] s_zeros = new byte[64];

    private readonly Lock _lock = new();
    private readonly IncrementalHash? _hash;
    private readonly HMac? _sha224;
    private readonly byte[] _whole;

    /// <summary>A digest under a localised key.</summary>
    public KeyedDigest(AuthenticationProtocol protocol, byte[] key)
    {
        Length = Digests.MessageLength(protocol);
        _whole = new byte[Digests.Length(protocol)];
        if (protocol == AuthenticationProtocol.Sha224)
        {
            _sha224 = new HMac(new Sha224Digest());
            _sha224.Init(new KeyParameter(key));
        }
        else
        {
            _hash = IncrementalHash.CreateHMAC(Digests.NameOf(protocol), key);
        }
    }

    /// <summary>Octets of the digest in a message.</summary>
    public int Length { get; }

    /// <summary>Writes the digest of a message into it.</summary>
    /// <param name="message">The whole message.</param>
    /// <param name="at">Where the digest's octets are in it.</param>
    public void Sign(Span<byte> message, int at)
    {
        lock (_lock)
        {
            Compute(message, at);
            _whole.AsSpan(0, Length).CopyTo(message[at..]);
        }
    }

    /// <summary>Whether the digest in a message is right.</summary>
    /// <param name="message">The whole message.</param>
    /// <param name="digest">The digest's octets, a part of it.</param>
    public bool IsRight(ReadOnlySpan<byte> message, ReadOnlySpan<byte> digest)
    {
        if (digest.Length != Length || !message.Overlaps(digest, out int at))
        {
            return false;
        }

        lock (_lock)
        {
            Compute(message, at);
            return CryptographicOperations.FixedTimeEquals(_whole.AsSpan(0, Length), digest);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _hash?.Dispose();

    // The digest is made while its own octets are zero.
    private void Compute(ReadOnlySpan<byte> message, int at)
    {
        ReadOnlySpan<byte> before = message[..at], zeros = s_zeros.AsSpan(0, Length), behind = message[(at + Length)..];
        if (_sha224 is not null)
        {
            _sha224.BlockUpdate(before);
            _sha224.BlockUpdate(zeros);
            _sha224.BlockUpdate(behind);
            _sha224.DoFinal(_whole);
            return;
        }

        _hash!.AppendData(before);
        _hash.AppendData(zeros);
        _hash.AppendData(behind);
        _hash.GetHashAndReset(_whole);
    }
}
