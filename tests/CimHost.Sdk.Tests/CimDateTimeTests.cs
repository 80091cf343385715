using CimHost.Sdk.Cim;
using Xunit;

namespace CimHost.Sdk.Tests;

public class CimDateTimeTests
{
    [Theory]
    [InlineData("20261125063000.123456+060")]
    [InlineData("20261125063000.123456-480")]
    [InlineData("20261125063000.123***+000")]
    [InlineData("2026112506****.******+000")]
    [InlineData("2026**********.******+000")]
    [InlineData("00000012101112.000345:000")]
    [InlineData("00000012******.******:000")]
    public void A_valid_text_comes_back_unchanged(string text) => Assert.Equal(text, CimDateTime.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("20261125063000.123456+06")]
    [InlineData("20261325063000.123456+000")]
    [InlineData("20260230063000.123456+000")]
    [InlineData("20261125243000.123456+000")]
    [InlineData("202*1125063000.123456+000")]
    [InlineData("2026*125063000.123456+000")]
    [InlineData("20261125063000.12*456+000")]
    [InlineData("00000012241112.000345:000")]
    [InlineData("00000012101112.000345:001")]
    public void A_wrong_text_is_refused(string text) => Assert.False(CimDateTime.TryParse(text, out _));

    [Fact]
    public void Timestamps_are_equal_when_they_name_the_same_instant() =>
        Assert.Equal(CimDateTime.Parse("20261125073000.000000+060"), CimDateTime.Parse("20261125063000.000000+000"));

    [Fact]
    public void An_interval_is_no_timestamp() =>
        Assert.Throws<InvalidOperationException>(() => CimDateTime.Parse("00000001000000.000000:000").ToDateTimeOffset());
}
