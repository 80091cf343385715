using CimHost.VmKernel.Users.Passwords;
using Xunit;

namespace CimHost.VmKernel.Tests.Users;

public sealed class PasswordHashTests
{
    // The vectors of "Unix crypt using SHA-256 and SHA-512", for SHA-512.
    [Theory]
    [InlineData("$6$saltstring", "Hello world!", "$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1")]
    [InlineData("$6$rounds=10000$saltstringsaltstring", "Hello world!", "$6$rounds=10000$saltstringsaltst$OW1/O6BYHV6BcXZu8QVeXbDWra3Oeqh0sbHbbMCVNSnCM/UrjmM0Dp8vOuZeHBy/YTBmSK6H9qs/y3RnOaw5v.")]
    [InlineData("$6$rounds=5000$toolongsaltstring", "This is just a test", "$6$rounds=5000$toolongsaltstrin$lQ8jolhgVRVhY4b5pZKaysCLi0QBxGoNeKQzQ3glMhwllF7oGDZxUhx1yxdYcz/e1JSbq3y6JMxxl8audkUEm0")]
    [InlineData("$6$rounds=1400$anotherlongsaltstring", "a very much longer text to encrypt.  This one even stretches over morethan one line.", "$6$rounds=1400$anotherlongsalts$POfYwTEok97VWcjxIiSOjiykti.o/pQs.wPvMxQ6Fm7I6IoYN3CmLs66x9t0oSwbtEW7o7UmJEiDwGqd8p4ur1")]
    [InlineData("$6$rounds=77777$short", "we have a short salt string but not a short password", "$6$rounds=77777$short$WuQyW2YR.hBNpjjRhpYD/ifIw05xdfeEyQoMxIXbkvr0gge1a1x3yRULJ5CCaUeOxFmtlcGZelFl5CxtgfiAc0")]
    [InlineData("$6$rounds=123456$asaltof16chars..", "a short string", "$6$rounds=123456$asaltof16chars..$BtCwjqMJGx5hrJhZywWvt0RLE8uZ4oPwcelCjmw2kSYu.Ec6ycULevoBK25fs2xXgMNrCzIMVcgEJAstJeonj1")]
    [InlineData("$6$rounds=10$roundstoolow", "the minimum number is still observed", "$6$rounds=1000$roundstoolow$kUMsbe306n21p9R.FRkW3IGn.S9NPN0x50YhH1xhLsPuWGsUSklZt58jaTfF4ZEQpyUNGc0dqbpBYYBaHHrsX.")]
    public void SHA512_crypt_gives_the_vectors_of_its_specification(string setting, string password, string expected)
    {
        Assert.Equal(expected, Sha512CryptHash.Crypt(password, setting).ToString());
        Assert.True(PasswordHash.TryRead(expected, out PasswordHash? hash));
        Assert.True(hash.Verify(password));
        Assert.False(hash.Verify(password + " "));
        Assert.Equal(expected, hash.ToString());
    }

    // The key was derived by Python's hashlib.pbkdf2_hmac.
    [Fact]
    public void PBKDF2_is_read_as_other_software_writes_it()
    {
        Assert.True(PasswordHash.TryRead("$pbkdf2-sha512$1000$AQIDBAUGBwg$c6Gh4TNDseUODO7PUclk/0VOa/Kr3EdGuNPmKb0EW.dD9UIQ1m8LbY5rF/KEE6DGQsewJP9VCAS8WTXyQLh2eQ", out PasswordHash? read));
        Assert.True(read.Verify("password"));
        Assert.False(read.Verify("Password"));
    }

    [Theory]
    [InlineData(PasswordHashFormat.Pbkdf2Sha512, "$pbkdf2-sha512$210000$")]
    [InlineData(PasswordHashFormat.Sha512Crypt, "$6$rounds=200000$")]
    public void A_new_hash_is_salted_and_verifies_its_password_only(PasswordHashFormat format, string start)
    {
        string first = PasswordHash.Create("secret ü 😀", format).ToString();
        Assert.StartsWith(start, first, StringComparison.Ordinal);
        Assert.NotEqual(first, PasswordHash.Create("secret ü 😀", format).ToString());
        Assert.True(PasswordHash.TryRead(first, out PasswordHash? hash));
        Assert.Equal(first, hash.ToString());
        Assert.True(hash.Verify("secret ü 😀"));
        Assert.False(hash.Verify("secret ü"));
        Assert.False(hash.Verify(string.Empty));
        Assert.False(hash.Verify(new string('x', PasswordHash.MaxPasswordLength + 1)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("!")]
    [InlineData("*")]
    [InlineData("x")]
    [InlineData("$1$salt$qJH7.N4xYta3aEG/dfqo/0")]
    [InlineData("$6$")]
    [InlineData("$6$salt$")]
    [InlineData("$6$salt$short")]
    [InlineData("$6$rounds=999$salt$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1")]
    [InlineData("$6$rounds=999999999$salt$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1")]
    [InlineData("$6$seventeen-letters$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1")]
    [InlineData("$pbkdf2-sha512$")]
    [InlineData("$pbkdf2-sha512$0$AQIDBAUGBwg$AAAA")]
    [InlineData("$pbkdf2-sha512$1000$AQIDBAUGBwg$AAAA")]
    [InlineData("$pbkdf2-sha512$1000\0$AQIDBAUGBwg$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("$pbkdf2-sha512$99999999999$AQIDBAUGBwg$AAAA")]
    public void What_is_no_hash_within_bounds_is_refused(string text) => Assert.False(PasswordHash.TryRead(text, out _));
}
