namespace CimHost.Snmp.Security;

/// <summary>Keys of a user at one engine, ready for use from any thread.</summary>
internal sealed class UserKeys : IDisposable
{
    private UserKeys(KeyedDigest? authentication, PrivacyCipher? privacy) => (Authentication, Privacy) = (authentication, privacy);

    /// <summary>A user without keys.</summary>
    public static UserKeys None { get; } = new(null, null);

    /// <summary>Authenticates messages; null for a user without.</summary>
    public KeyedDigest? Authentication { get; }

    /// <summary>Encrypts messages; null for a user without.</summary>
    public PrivacyCipher? Privacy { get; }

    /// <summary>The highest security level that the keys allow.</summary>
    public SecurityLevel Level => Privacy is not null ? SecurityLevel.AuthPriv : Authentication is not null ? SecurityLevel.AuthNoPriv : SecurityLevel.NoAuthNoPriv;

    /// <summary>Keys out of localised ones.</summary>
    public static UserKeys Create(AuthenticationProtocol authentication, byte[] authenticationKey, PrivacyProtocol privacy, byte[] privacyKey) => new(
        authentication == AuthenticationProtocol.None ? null : new KeyedDigest(authentication, authenticationKey),
        privacy == PrivacyProtocol.None ? null : PrivacyCipher.Create(privacy, privacyKey));

    /// <inheritdoc/>
    public void Dispose()
    {
        Authentication?.Dispose();
        Privacy?.Dispose();
    }
}
