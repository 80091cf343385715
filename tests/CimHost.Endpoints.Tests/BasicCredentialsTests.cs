using System.Text;
using Xunit;

namespace CimHost.Endpoints.Tests;

public class BasicCredentialsTests
{
    [Theory]
    [InlineData("root", "secret")]
    [InlineData("root", "with:colon")]
    [InlineData("root", "")]
    [InlineData("root", "pässword ü")]
    public void Name_and_password_are_read(string name, string password)
    {
        Assert.True(BasicCredentials.TryRead(Header($"{name}:{password}"), out string readName, out string readPassword));
        Assert.Equal((name, password), (readName, readPassword));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Basic")]
    [InlineData("Basic !!!")]
    [InlineData("Bearer cm9vdDp4")]
    public void Anything_else_is_no_credential(string? header) => Assert.False(BasicCredentials.TryRead(header, out _, out _));

    [Fact]
    public void A_text_without_a_colon_or_a_name_is_no_credential()
    {
        Assert.False(BasicCredentials.TryRead(Header("root"), out _, out _));
        Assert.False(BasicCredentials.TryRead(Header(":secret"), out _, out _));
    }

    [Fact]
    public void A_header_beyond_any_possible_credential_is_not_decoded() =>
        Assert.False(BasicCredentials.TryRead(Header("root:" + new string('x', 20_000)), out _, out _));

    private static string Header(string text) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
