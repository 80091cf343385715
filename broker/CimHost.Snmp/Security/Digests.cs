using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Digests;

namespace CimHost.Snmp.Security;

/// <summary>The hash functions under the authentication protocols. SHA-224 is the only one that .NET lacks.</summary>
internal static class Digests
{
    /// <summary>Octets of a hash.</summary>
    public static int Length(AuthenticationProtocol protocol) => protocol switch
    {
        AuthenticationProtocol.Md5 => 16,
        AuthenticationProtocol.Sha1 => 20,
        AuthenticationProtocol.Sha224 => 28,
        AuthenticationProtocol.Sha256 => 32,
        AuthenticationProtocol.Sha384 => 48,
        AuthenticationProtocol.Sha512 => 64,
        _ => 0,
    };

    /// <summary>Octets of the digest in a message (RFC 3414 section 6.1 and 7.1, RFC 7860 section 4.1).</summary>
    public static int MessageLength(AuthenticationProtocol protocol) => protocol switch
    {
        AuthenticationProtocol.Md5 or AuthenticationProtocol.Sha1 => 12,
        AuthenticationProtocol.Sha224 => 16,
        AuthenticationProtocol.Sha256 => 24,
        AuthenticationProtocol.Sha384 => 32,
        AuthenticationProtocol.Sha512 => 48,
        _ => 0,
    };

    /// <summary>The function's name in .NET.</summary>
    public static HashAlgorithmName NameOf(AuthenticationProtocol protocol) => protocol switch
    {
        AuthenticationProtocol.Md5 => HashAlgorithmName.MD5,
        AuthenticationProtocol.Sha1 => HashAlgorithmName.SHA1,
        AuthenticationProtocol.Sha256 => HashAlgorithmName.SHA256,
        AuthenticationProtocol.Sha384 => HashAlgorithmName.SHA384,
        AuthenticationProtocol.Sha512 => HashAlgorithmName.SHA512,
        _ => throw new ArgumentOutOfRangeException(nameof(protocol)),
    };

    /// <summary>Hash of octets.</summary>
    public static byte[] Hash(AuthenticationProtocol protocol, ReadOnlySpan<byte> octets)
    {
        if (protocol != AuthenticationProtocol.Sha224)
        {
            return CryptographicOperations.HashData(NameOf(protocol), octets);
        }

        var digest = new Sha224Digest();
        digest.BlockUpdate(octets);
        byte[] hash = new byte[Length(protocol)];
        digest.DoFinal(hash);
        return hash;
    }
}
