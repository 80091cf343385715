namespace CimHost.Snmp.Security;

/// <summary>Makes the keys that a configuration may hold instead of passwords.</summary>
public static class LocalisedKeys
{
    /// <summary>The keys of a password at an engine, in hexadecimal. Takes milliseconds.</summary>
    /// <param name="authentication">Authentication protocol.</param>
    /// <param name="privacy">Privacy protocol; None for the key for authentication.</param>
    /// <param name="password">The password.</param>
    /// <param name="engineId">The engine.</param>
    /// <exception cref="FormatException">The password is too short or too long, or there is no authentication.</exception>
    public static string Make(AuthenticationProtocol authentication, PrivacyProtocol privacy, string password, ReadOnlySpan<byte> engineId)
    {
        byte[] octets = System.Text.Encoding.UTF8.GetBytes(password);
        if (authentication == AuthenticationProtocol.None)
        {
            throw new FormatException("keys are made with the hash function of an authentication protocol; None has none");
        }

        if (octets.Length is < KeyDerivation.LeastPassword or > KeyDerivation.MaxPassword)
        {
            throw new FormatException($"a password has {KeyDerivation.LeastPassword} to {KeyDerivation.MaxPassword} octets");
        }

        byte[] key = KeyDerivation.FromPassword(authentication, octets);
        return Convert.ToHexString(privacy == PrivacyProtocol.None
            ? KeyDerivation.Localise(authentication, key, engineId)
            : KeyDerivation.LocalisePrivacy(authentication, privacy, key, engineId));
    }
}
