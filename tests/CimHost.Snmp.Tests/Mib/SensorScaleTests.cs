using CimHost.Snmp.Mib.Model;

namespace CimHost.Snmp.Tests.Mib;

public sealed class SensorScaleTests
{
    // RFC 3433: value × 10^-precision, in units of 10^(3 × (scale - 9)).
    [Theory]
    [InlineData(0, 23, 9, 0, 23)]
    [InlineData(-1, 235, 8, 0, 23500)]
    [InlineData(-2, 1206, 8, 0, 12060)]
    [InlineData(-3, -40500, 8, 0, -40500)]
    [InlineData(-6, 115_000_000, 7, 0, 115_000_000)]
    [InlineData(-4, 12345, 7, 0, 1_234_500)]
    [InlineData(-4, 500_000_000, 8, 1, 500_000_000)]
    [InlineData(3, 2, 10, 0, 2)]
    [InlineData(1, 60, 9, 0, 600)]
    [InlineData(0, 2_000_000_000, 9, 0, null)]
    public void A_reading_keeps_its_value(int exponent, long reading, int scale, int precision, int? value)
    {
        SensorScale actual = SensorScale.Fit(SensorScale.Celsius, exponent, reading);
        Assert.Equal((scale, precision, value), (actual.Scale, actual.Precision, actual.Value));
    }
}
