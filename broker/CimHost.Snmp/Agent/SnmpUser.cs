using CimHost.Snmp.Security;

namespace CimHost.Snmp.Agent;

/// <summary>A user of SNMPv3 as the agent checks it, with its keys at this engine.</summary>
/// <param name="Credentials">Name and protocols.</param>
/// <param name="Keys">Keys at this engine.</param>
/// <param name="Access">What it may do.</param>
internal sealed record SnmpUser(UserCredentials Credentials, UserKeys Keys, AccessRight Access) : IDisposable
{
    /// <summary>Makes it of the configuration. Takes some milliseconds for each password that is not among the keys made before.</summary>
    /// <exception cref="FormatException">The configuration is wrong; the message says what, without a secret.</exception>
    public static SnmpUser Create(UserOptions o, ReadOnlySpan<byte> engineId, MadeKeys made)
    {
        UserCredentials credentials = Read(o, made);
        UserKeys keys = credentials.At(engineId);
        if (o.Level > keys.Level)
        {
            throw new FormatException($"{nameof(o.Level)} is {o.Level}, which a user without {(keys.Authentication is null ? nameof(o.Authentication) : nameof(o.Privacy))} cannot reach");
        }

        return new SnmpUser(credentials, keys, new AccessRight(o.Level == 0 ? keys.Level : o.Level, MibView.Create(o.Subtrees), o.Access == CommunityAccess.ReadWrite));
    }

    /// <inheritdoc/>
    public void Dispose() => Keys.Dispose();

    private static UserCredentials Read(UserOptions o, MadeKeys made)
    {
        bool isLocalised = o.AuthenticationKey.Length > 0 || o.PrivacyKey.Length > 0;
        if (isLocalised && (o.AuthenticationPasswordFile.Length > 0 || o.PrivacyPasswordFile.Length > 0))
        {
            throw new FormatException("a user has keys or password files, not both");
        }

        return isLocalised
            ? UserCredentials.FromKeys(o.Name, o.Authentication, Key(nameof(o.AuthenticationKey), o.AuthenticationKey), o.Privacy, Key(nameof(o.PrivacyKey), o.PrivacyKey))
            : UserCredentials.FromPasswords(
                o.Name,
                o.Authentication,
                o.Authentication == AuthenticationProtocol.None ? null : PasswordFile.Read(nameof(o.AuthenticationPasswordFile), o.AuthenticationPasswordFile),
                o.Privacy,
                o.Privacy == PrivacyProtocol.None ? null : PasswordFile.Read(nameof(o.PrivacyPasswordFile), o.PrivacyPasswordFile),
                made);
    }

    private static byte[]? Key(string name, string text)
    {
        string digits = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text[2..] : text;
        byte[] key = new byte[digits.Length / 2];
        return digits.Length == 0 ? null
            : digits.Length % 2 == 0 && Convert.FromHexString(digits, key, out _, out _) == System.Buffers.OperationStatus.Done ? key
            : throw new FormatException($"{name} is a key in hexadecimal, as cimhost snmp hash prints it");
    }
}
