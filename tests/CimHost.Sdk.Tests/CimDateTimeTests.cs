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
    [InlineData("00000101000000.000000+720")]
    [InlineData("00001231235959.999999-001")]
    [InlineData("00000229120000.000000+000")]
    [InlineData("00010101000000.000000+840")]
    [InlineData("99991231115959.999999-720")]
    [InlineData("99991231235959.999999-840")]
    [InlineData("99999999235959.999999:000")]
    [InlineData("00000000000000.000000:000")]
    [InlineData("**************.******+000")]
    [InlineData("**************.******:000")]
    public void A_valid_text_comes_back_unchanged(string text) => Assert.Equal(text, CimDateTime.Parse(text).ToString());

    public static TheoryData<int, bool, bool> AsteriskStarts()
    {
        // The first asterisk may stand at the start of a field, and anywhere in the fraction.
        var data = new TheoryData<int, bool, bool>();
        for (int i = 0; i < 20; i++)
        {
            data.Add(i, false, i is 0 or 4 or 6 or 8 or 10 or 12 or >= 14);
            data.Add(i, true, i is 0 or 8 or 10 or 12 or >= 14);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(AsteriskStarts))]
    public void Asterisks_start_at_a_field_or_in_the_fraction(int first, bool interval, bool isValid)
    {
        string digits = (interval ? "00000012101112345678" : "20261125063000123456")[..first].PadRight(20, '*');
        string text = digits[..14] + "." + digits[14..] + (interval ? ":000" : "+060");
        Assert.Equal(isValid, CimDateTime.TryParse(text, out CimDateTime value));
        if (isValid)
        {
            Assert.True(value.HasAsterisks);
            Assert.Equal(interval, value.IsInterval);
            Assert.Equal(text, value.ToString());
        }
    }

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
    [InlineData("00000012101112.000345:***")]
    [InlineData("20261125063000.123456+841")]
    [InlineData("20261125063000.123456+***")]
    [InlineData("20261125063000.123456 060")]
    [InlineData("20261125063000,123456+060")]
    [InlineData("20261125063060.123456+000")]
    [InlineData("20261125066000.123456+000")]
    [InlineData("20260001000000.000000+000")]
    [InlineData("20260100000000.000000+000")]
    [InlineData("20250229000000.000000+000")]
    [InlineData("٢٠٢٦1125063000.123456+000")]
    [InlineData("00000012106012.000345:000")]
    [InlineData("-0000012101112.000345:000")]
    [InlineData("********235959.999999:000")]
    public void A_wrong_text_is_refused(string text) => Assert.False(CimDateTime.TryParse(text, out _));

    [Fact]
    public void Timestamps_are_equal_when_they_name_the_same_instant() =>
        Assert.Equal(CimDateTime.Parse("20261125073000.000000+060"), CimDateTime.Parse("20261125063000.000000+000"));

    [Fact]
    public void An_interval_is_no_timestamp() =>
        Assert.Throws<InvalidOperationException>(() => CimDateTime.Parse("00000001000000.000000:000").ToDateTimeOffset());

    [Theory]
    [InlineData("20261125073000.000000+060", "20261125063000.000001+000", -1)]
    [InlineData("20261125073000.000000-060", "20261125083000.000000+000", 0)]
    [InlineData("00000101000000.000000+720", "00010101000000.000000+000", -1)]
    [InlineData("00001231233000.000000-060", "00010101003000.000000+000", 0)]
    [InlineData("00000001000000.000000:000", "00000000235959.999999:000", 1)]
    [InlineData("99999999235959.999999:000", "00010101000000.000000+000", -1)]
    public void Instants_are_ordered_across_offsets_and_intervals_come_first(string one, string other, int expected)
    {
        CimDateTime left = CimDateTime.Parse(one), right = CimDateTime.Parse(other);
        Assert.Equal(expected, Math.Sign(left.CompareTo(right)));
        Assert.Equal(-expected, Math.Sign(right.CompareTo(left)));
        Assert.Equal(expected == 0, left == right);
        Assert.True(expected != 0 || left.GetHashCode() == right.GetHashCode());
    }

    [Fact]
    public void The_same_digits_with_another_precision_are_another_value() =>
        Assert.NotEqual(CimDateTime.Parse("20261125063000.00****+000"), CimDateTime.Parse("20261125063000.000000+000"));

    [Theory]
    [InlineData("00000101000000.000000+720")]
    [InlineData("00010101000000.000000+001")]
    public void A_time_before_the_calendar_is_its_first_moment(string text) => Assert.Equal(DateTimeOffset.MinValue, CimDateTime.Parse(text).ToDateTimeOffset());

    [Fact]
    public void A_time_behind_the_calendar_is_its_last_moment() =>
        Assert.Equal(DateTimeOffset.MaxValue, CimDateTime.Parse("99991231235959.999999-001").ToDateTimeOffset());

    [Fact]
    public void Timestamps_and_intervals_come_from_the_types_of_NET_and_go_back()
    {
        var time = new DateTimeOffset(2026, 11, 25, 6, 30, 0, 123, 456, TimeSpan.FromMinutes(-210));
        var value = new CimDateTime(time);
        Assert.Equal("20261125063000.123456-210", value.ToString());
        Assert.Equal(time, value.ToDateTimeOffset());
        Assert.Equal(-210, value.UtcOffsetMinutes);
        var interval = new CimDateTime(TimeSpan.FromDays(10_675_198.5));
        Assert.Equal("10675198120000.000000:000", interval.ToString());
        Assert.Equal(TimeSpan.FromDays(10_675_198.5), interval.ToTimeSpan());
        Assert.Throws<ArgumentOutOfRangeException>(() => new CimDateTime(TimeSpan.FromSeconds(-1)));
        Assert.Throws<InvalidOperationException>(() => value.ToTimeSpan());
    }

    [Fact]
    public void An_interval_longer_than_a_TimeSpan_says_so()
    {
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => CimDateTime.Parse("99999999235959.999999:000").ToTimeSpan());
        Assert.Contains("99999999235959.999999:000", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_destination_that_is_too_short_is_left_alone() => Assert.False(default(CimDateTime).TryFormat(new char[CimDateTime.Length - 1]));
}
