using CimHost.VmKernel.Devices.Emulation.Description;
using Xunit;

namespace CimHost.VmKernel.Tests.Emulation;

public class SensorFactorsTests
{
    [Theory]
    [InlineData(0, 255, 1.0, 1, 0, 0, 0)]
    [InlineData(0, 15.3, 0.06, 6, 0, 0, -2)]
    [InlineData(-40, 120, 1.0, 1, -4, 1, 0)]
    [InlineData(0, 17850, 70.0, 7, 0, 0, 1)]
    [InlineData(0.5, 1.5, 0.005, 5, 5, 2, -3)]
    public void A_range_with_a_resolution_gives_plain_factors(double least, double most, double resolution, int m, int b, int bExponent, int rExponent)
    {
        SensorFactors factors = SensorFactors.FromRange(least, most, resolution, 0)!;
        Assert.Equal((m, b, bExponent, rExponent), (factors.M, factors.B, factors.BExponent, factors.RExponent));
        Assert.Equal(least, factors.ToValue(0), 9);
    }

    [Theory]
    [InlineData(0, 17.3)]
    [InlineData(-55, 125)]
    [InlineData(0, 40000)]
    public void A_range_alone_is_covered_within_a_hundredth(double least, double most)
    {
        SensorFactors factors = SensorFactors.FromRange(least, most, null, 0)!;
        Assert.Equal(least, factors.ToValue(0), 6);
        Assert.InRange(factors.ToValue(255), most - factors.Step, most + (0.011 * (most - least)));
    }

    [Theory]
    [InlineData(0, 7.0)]
    [InlineData(7, 0.25)]
    [InlineData(8, 9.0)]
    [InlineData(2, 1.0)]
    [InlineData(10, 5.0)]
    public void A_value_survives_the_way_through_the_linearisation(int linearization, double value)
    {
        var factors = new SensorFactors(1, 0, 0, 0, (byte)linearization, 0, 0, 0, 0);
        Assert.Equal(value, factors.ToValue((int)factors.ToCount(value)), 6);
    }

    [Theory]
    [InlineData(1, -1, 0xFE)]
    [InlineData(1, -127, 0x80)]
    [InlineData(2, -1, 0xFF)]
    [InlineData(2, -128, 0x80)]
    [InlineData(0, 200, 200)]
    public void Signed_formats_write_their_complement(int format, int count, int raw)
    {
        var factors = new SensorFactors(1, 0, 0, 0, 0, (byte)format, 0, 0, 0);
        Assert.Equal((byte)raw, factors.ToByte(count));
        Assert.Equal(count, factors.FromByte((byte)raw));
    }
}
