using System.Text;
using CimHost.Snmp.Security;

namespace CimHost.Snmp.Tests.Security;

/// <summary>Keys against the examples of the standards.</summary>
public sealed class KeyDerivationTests
{
    private static readonly byte[] s_password = Encoding.ASCII.GetBytes("maplesyrup");
    private static readonly byte[] s_engine = Convert.FromHexString("000000000000000000000002");

    // RFC 3414 section A.3.1 and A.3.2.
    [Theory]
    [InlineData(AuthenticationProtocol.Md5, "9FAF3283884E92834EBC9847D8EDD963", "526F5EED9FCCE26F8964C2930787D82B")]
    [InlineData(AuthenticationProtocol.Sha1, "9FB5CC0381497B3793528939FF788D5D79145211", "6695FEBC9288E36282235FC7151F128497B38F3F")]
    public void Keys_are_those_of_RFC_3414(AuthenticationProtocol protocol, string key, string localised)
    {
        byte[] made = KeyDerivation.FromPassword(protocol, s_password);
        Assert.Equal(key, Convert.ToHexString(made));
        Assert.Equal(localised, Convert.ToHexString(KeyDerivation.Localise(protocol, made, s_engine)));
    }

    // FIPS 180-4, example of SHA-224: "abc".
    [Fact]
    public void SHA_224_is_that_of_FIPS_180() =>
        Assert.Equal("23097D223405D8228642A477BDA255B32AADBCE4BDA0B3F7E36C9DA7", Convert.ToHexString(Digests.Hash(AuthenticationProtocol.Sha224, "abc"u8)));

    // draft-reeder-snmpv3-usm-3desede-00 section B.1: the localised key of 32 octets, of which AES-256 takes all.
    [Fact]
    public void A_short_key_is_extended_as_the_draft_of_Reeder_says()
    {
        byte[] key = KeyDerivation.FromPassword(AuthenticationProtocol.Md5, s_password);
        Assert.Equal(
            "526F5EED9FCCE26F8964C2930787D82B79EFF44A90650EE0A3A40ABFAC5ACC12",
            Convert.ToHexString(KeyDerivation.LocalisePrivacy(AuthenticationProtocol.Md5, PrivacyProtocol.Aes256C, key, s_engine)));
    }

    [Fact]
    public void A_short_key_is_extended_by_its_own_hash_as_the_draft_of_Blumenthal_says()
    {
        byte[] key = KeyDerivation.FromPassword(AuthenticationProtocol.Md5, s_password);
        byte[] first = KeyDerivation.Localise(AuthenticationProtocol.Md5, key, s_engine);
        byte[] extended = KeyDerivation.LocalisePrivacy(AuthenticationProtocol.Md5, PrivacyProtocol.Aes256, key, s_engine);
        Assert.Equal([.. first, .. Digests.Hash(AuthenticationProtocol.Md5, first)], extended);
        Assert.Equal(extended[..24], KeyDerivation.LocalisePrivacy(AuthenticationProtocol.Md5, PrivacyProtocol.Aes192, key, s_engine));
    }

    [Theory]
    [InlineData("short", null)]
    [InlineData(null, "long enough")]
    [InlineData("long enough", "short")]
    public void A_password_that_is_missing_or_short_is_refused_without_being_told(string? authentication, string? privacy)
    {
        var e = Assert.Throws<FormatException>(() => UserCredentials.FromPasswords("u", AuthenticationProtocol.Sha256, authentication, PrivacyProtocol.Aes128, privacy));
        Assert.DoesNotContain("short", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Privacy_without_authentication_is_refused() =>
        Assert.Throws<FormatException>(() => UserCredentials.FromPasswords("u", AuthenticationProtocol.None, null, PrivacyProtocol.Aes128, "long enough"));
}
