using System.Text;

namespace CimHost.Snmp.Security;

/// <summary>A user of the user-based security model with what its keys are made of, at whatever engine.</summary>
internal sealed class UserCredentials
{
    /// <summary>Longest user name, in octets (RFC 3414 section 2.4).</summary>
    public const int MaxName = 32;

    private readonly byte[]? _authentication;
    private readonly byte[]? _privacy;
    private readonly bool _isLocalised;

    private UserCredentials(string name, AuthenticationProtocol authentication, byte[]? authenticationKey, PrivacyProtocol privacy, byte[]? privacyKey, bool isLocalised)
    {
        Name = name;
        NameOctets = Encoding.UTF8.GetBytes(name);
        (Authentication, _authentication, Privacy, _privacy, _isLocalised) = (authentication, authenticationKey, privacy, privacyKey, isLocalised);
        if (NameOctets.Length is 0 or > MaxName)
        {
            throw new FormatException($"a user name has 1 to {MaxName} octets");
        }

        if (privacy != PrivacyProtocol.None && authentication == AuthenticationProtocol.None)
        {
            throw new FormatException("privacy needs authentication (RFC 3414 section 1.4.2)");
        }
    }

    /// <summary>msgUserName.</summary>
    public string Name { get; }

    /// <summary>msgUserName as it is sent.</summary>
    public byte[] NameOctets { get; }

    /// <summary>Authentication protocol.</summary>
    public AuthenticationProtocol Authentication { get; }

    /// <summary>Privacy protocol.</summary>
    public PrivacyProtocol Privacy { get; }

    /// <summary>Whether the keys are known at one engine only: the user cannot send informs, whose receiver's engine counts.</summary>
    public bool IsLocalised => _isLocalised;

    /// <summary>Credentials out of passwords. Takes milliseconds.</summary>
    /// <exception cref="FormatException">Name, protocols and passwords do not go together; the message says why, without a password.</exception>
    public static UserCredentials FromPasswords(string name, AuthenticationProtocol authentication, string? authenticationPassword, PrivacyProtocol privacy, string? privacyPassword, MadeKeys? made = null)
    {
        made ??= new MadeKeys();
        return new UserCredentials(
            name,
            authentication,
            authentication == AuthenticationProtocol.None ? null : made.Of(authentication, Octets("authentication", authenticationPassword)),
            privacy,
            privacy == PrivacyProtocol.None || authentication == AuthenticationProtocol.None ? null : made.Of(authentication, Octets("privacy", privacyPassword)),
            isLocalised: false);
    }

    /// <summary>Credentials out of keys of one engine.</summary>
    /// <exception cref="FormatException">Name, protocols and keys do not go together; the message says why, without a key.</exception>
    public static UserCredentials FromKeys(string name, AuthenticationProtocol authentication, byte[]? authenticationKey, PrivacyProtocol privacy, byte[]? privacyKey)
    {
        int length = Digests.Length(authentication), privacyLength = KeyDerivation.PrivacyKeyLength(privacy);
        return (authenticationKey?.Length ?? 0) != length ? throw new FormatException($"a key of {authentication} has {length} octets")
            : (privacyKey?.Length ?? 0) != privacyLength ? throw new FormatException($"a key of {privacy} has {privacyLength} octets")
            : new UserCredentials(name, authentication, authenticationKey, privacy, privacyKey, isLocalised: true);
    }

    /// <summary>The keys at an engine.</summary>
    public UserKeys At(ReadOnlySpan<byte> engineId) => _isLocalised
        ? UserKeys.Create(Authentication, _authentication ?? [], Privacy, _privacy ?? [])
        : UserKeys.Create(
            Authentication,
            _authentication is null ? [] : KeyDerivation.Localise(Authentication, _authentication, engineId),
            Privacy,
            _privacy is null ? [] : KeyDerivation.LocalisePrivacy(Authentication, Privacy, _privacy, engineId));

    private static byte[] Octets(string what, string? password)
    {
        byte[] octets = Encoding.UTF8.GetBytes(password ?? string.Empty);
        return octets.Length is >= KeyDerivation.LeastPassword and <= KeyDerivation.MaxPassword
            ? octets
            : throw new FormatException($"the {what} password has {KeyDerivation.LeastPassword} to {KeyDerivation.MaxPassword} octets");
    }
}
