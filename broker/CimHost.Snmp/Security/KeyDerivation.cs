using System.Security.Cryptography;

namespace CimHost.Snmp.Security;

/// <summary>From a password to the keys of one engine (RFC 3414 section 2.6 and A.2, RFC 3826 section 1.2).</summary>
internal static class KeyDerivation
{
    /// <summary>Shortest password, in octets (RFC 3414 section 11.2).</summary>
    public const int LeastPassword = 8;

    /// <summary>Longest password, in octets.</summary>
    public const int MaxPassword = 1024;

    private const int Expanded = 1 << 20;

    /// <summary>Ku: the user's key at no engine in particular. Takes milliseconds: it hashes a mebibyte.</summary>
    public static byte[] FromPassword(AuthenticationProtocol protocol, ReadOnlySpan<byte> password)
    {
        byte[] repeated = new byte[Expanded];
        try
        {
            for (int at = 0; at < Expanded; at += password.Length)
            {
                password[..Math.Min(password.Length, Expanded - at)].CopyTo(repeated.AsSpan(at));
            }

            return Digests.Hash(protocol, repeated);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(repeated);
        }
    }

    /// <summary>Kul: the user's key at an engine.</summary>
    public static byte[] Localise(AuthenticationProtocol protocol, ReadOnlySpan<byte> key, ReadOnlySpan<byte> engineId) => Digests.Hash(protocol, [.. key, .. engineId, .. key]);

    /// <summary>Octets of a privacy key.</summary>
    public static int PrivacyKeyLength(PrivacyProtocol protocol) => protocol switch
    {
        PrivacyProtocol.Des or PrivacyProtocol.Aes128 => 16,
        PrivacyProtocol.Aes192 or PrivacyProtocol.Aes192C => 24,
        PrivacyProtocol.Aes256 or PrivacyProtocol.Aes256C => 32,
        _ => 0,
    };

    /// <summary>The privacy key of a user at an engine.</summary>
    /// <param name="protocol">Authentication protocol, whose hash function is used.</param>
    /// <param name="privacy">Privacy protocol.</param>
    /// <param name="key">Ku of the privacy password.</param>
    /// <param name="engineId">The engine.</param>
    public static byte[] LocalisePrivacy(AuthenticationProtocol protocol, PrivacyProtocol privacy, ReadOnlySpan<byte> key, ReadOnlySpan<byte> engineId)
    {
        int length = PrivacyKeyLength(privacy);
        byte[] localised = Localise(protocol, key, engineId);
        byte[] last = localised;
        while (localised.Length < length)
        {
            last = privacy is PrivacyProtocol.Aes192C or PrivacyProtocol.Aes256C
                ? Localise(protocol, FromPassword(protocol, last), engineId)
                : Digests.Hash(protocol, localised);
            localised = [.. localised, .. last];
        }

        return localised[..length];
    }
}
