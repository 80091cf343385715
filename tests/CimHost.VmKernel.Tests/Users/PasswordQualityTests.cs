using CimHost.VmKernel.Users.Passwords;
using Xunit;

namespace CimHost.VmKernel.Tests.Users;

public sealed class PasswordQualityTests
{
    [Theory]
    [InlineData("xQaTEhb!", true)]
    [InlineData("xQaT3#A", true)]
    [InlineData("aB3aB3a", true)]
    [InlineData("correct-horse-7x", true)]
    [InlineData("aB3aB3", false)]
    [InlineData("correct-horse-7", false)]
    [InlineData("Xqat3hi", false)]
    [InlineData("xQaTEh2", false)]
    [InlineData("Secret1", false)]
    [InlineData("abcdefghijklmnopqrstuvwxyz", false)]
    [InlineData("this is a long passphrase", false)]
    [InlineData("", false)]
    [InlineData("aB3\u0000aB3", false)]
    public void The_default_rule_is_ESXis(string password, bool isGood) =>
        Assert.Equal(isGood, PasswordQuality.Parse(PasswordQuality.DefaultRule).WhatIsMissing(password, "root") is null);

    [Theory]
    [InlineData("min=8,disabled,disabled,disabled,disabled", "abcdefgh", true)]
    [InlineData("min=8,disabled,disabled,disabled,disabled", "abcdefg", false)]
    [InlineData("min=disabled,10,disabled,7,7", "abcd-efgh-", true)]
    [InlineData("min=disabled,10,disabled,7,7", "abcd-efgh", false)]
    [InlineData("min=disabled,disabled,12,disabled,disabled", "one two three", true)]
    [InlineData("min=disabled,disabled,12,disabled,disabled", "one twothreefour", false)]
    [InlineData("passphrase=2 min=disabled,disabled,12,disabled,disabled", "one twothreefour", true)]
    [InlineData("min=1,1,1,1,1 max=8", "abcdefghi", false)]
    public void A_rule_says_how_long_each_kind_has_to_be(string rule, string password, bool isGood) =>
        Assert.Equal(isGood, PasswordQuality.Parse(rule).WhatIsMissing(password, "root") is null);

    [Fact]
    public void The_message_says_what_is_there_and_what_is_needed()
    {
        string missing = PasswordQuality.Parse("min=disabled,disabled,16,8,7").WhatIsMissing("Secret1", "root")!;
        Assert.Contains("it has 7 characters of 1 class", missing, StringComparison.Ordinal);
        Assert.Contains("16 characters in 3 or more words, or 8 characters of three classes, or 7 characters of four classes", missing, StringComparison.Ordinal);
        Assert.DoesNotContain("Secret1", missing, StringComparison.Ordinal);
    }

    [Fact]
    public void The_users_name_is_not_part_of_it()
    {
        PasswordQuality rule = PasswordQuality.Parse(PasswordQuality.DefaultRule);
        Assert.Contains("name", rule.WhatIsMissing("x-GUEST-9x", "guest"), StringComparison.Ordinal);
        Assert.Null(rule.WhatIsMissing("x-GUEST-9x", "gu"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("min=7,7,7,7")]
    [InlineData("min=7,7,7,7,x")]
    [InlineData("min=7,7,7,7,0")]
    [InlineData("min=1,1,1,1,1 similar=deny")]
    [InlineData("min=1,1,1,1,1 max=7")]
    [InlineData("min=1,1,1,1,1 retry=-1")]
    public void A_wrong_rule_is_told(string rule) => Assert.Throws<FormatException>(() => PasswordQuality.Parse(rule));
}
