using CimHost.Providers.Ipmi.Wire.Sensors;
using Xunit;

namespace CimHost.Providers.Ipmi.Tests.Wire;

public class SensorConversionTests
{
    [Theory]
    [InlineData(0x00, 0, 0)]
    [InlineData(0xFF, 0, 255)]
    [InlineData(0x7F, 1, 127)]
    [InlineData(0xFE, 1, -1)]
    [InlineData(0xFF, 1, 0)]
    [InlineData(0x80, 1, -127)]
    [InlineData(0xFF, 2, -1)]
    [InlineData(0x80, 2, -128)]
    public void A_raw_byte_is_a_number_in_its_format(byte raw, int format, int number) => Assert.Equal(number, SensorFactors.Number(raw, (AnalogFormat)format));

    [Theory]
    [InlineData(0, 2.5, 2.5)]
    [InlineData(1, Math.E, 1)]
    [InlineData(2, 1000, 3)]
    [InlineData(3, 8, 3)]
    [InlineData(4, 1, Math.E)]
    [InlineData(5, 2, 100)]
    [InlineData(6, 5, 32)]
    [InlineData(7, 4, 0.25)]
    [InlineData(8, 3, 9)]
    [InlineData(9, 3, 27)]
    [InlineData(10, 16, 4)]
    [InlineData(11, 27, 3)]
    [InlineData(0x70, 7, 7)]
    public void Each_linearisation_is_its_function(byte code, double x, double y) => Assert.Equal(y, Linearization.Apply(code, x), 12);

    [Theory]
    [InlineData(7, 0)]
    [InlineData(1, -1)]
    [InlineData(10, -1)]
    [InlineData(12, 1)]
    public void Where_a_function_is_not_defined_there_is_no_value(byte code, double x) => Assert.False(double.IsFinite(Linearization.Apply(code, x)));

    [Theory]
    [InlineData(63, 0, 0, -3, 190, 11.97)]
    [InlineData(1, -50, 0, 0, 20, -30)]
    [InlineData(2, 5, 1, -1, 10, 7)]
    [InlineData(511, 0, 0, 7, 1, 5_110_000_000)]
    [InlineData(-512, 0, 0, 0, 1, -512)]
    public void The_factors_make_the_value(int m, int b, int k1, int k2, int raw, double value) =>
        Assert.Equal(value, new SensorFactors(m, b, k1, k2, 0, 0).Linear(raw), 9);

    [Theory]
    [InlineData(new byte[] { 0x01, 0x00, 0x00, 0x00, 0x00, 0x00 }, 1, 0, 0, 0, 0, 0)]
    [InlineData(new byte[] { 0x00, 0x80, 0x00, 0x80, 0x00, 0x88 }, -512, -512, -8, -8, 0, 0)]
    [InlineData(new byte[] { 0xFF, 0x7F, 0xFF, 0x7F, 0xFC, 0x77 }, 511, 511, 7, 7, 63, 10230)]
    public void Factors_are_read_from_six_bytes(byte[] data, int m, int b, int k1, int k2, int tolerance, double accuracy) =>
        Assert.Equal(new SensorFactors(m, b, k1, k2, tolerance, accuracy), SensorFactors.Read(data));

    [Theory]
    [InlineData(0x00, 1, 0, "°C")]
    [InlineData(0x01, 0, 0, "%")]
    [InlineData(0x18, 70, 0, "byte/s")]
    [InlineData(0x02, 18, 23, "RPM/min")]
    [InlineData(0x04, 6, 24, "W·h")]
    [InlineData(0x00, 0, 0, "")]
    [InlineData(0x00, 200, 0, "unit 200")]
    public void Units_have_a_symbol(byte units1, byte baseUnit, byte modifier, string symbol) => Assert.Equal(symbol, new SensorUnits(units1, baseUnit, modifier).Symbol);

    [Theory]
    [InlineData(0x6F, 0x08, 0, "Presence detected", 0)]
    [InlineData(0x6F, 0x08, 3, "Power supply input lost (AC/DC)", 2)]
    [InlineData(0x6F, 0x07, 1, "Thermal Trip", 2)]
    [InlineData(0x6F, 0x23, 8, "Timer interrupt", 0)]
    [InlineData(0x6F, 0x23, 5, "State 5", 0)]
    [InlineData(0x01, 0x01, 5, "Upper Fatal", 3)]
    [InlineData(0x03, 0x21, 1, "State Asserted", 0)]
    [InlineData(0x08, 0x08, 0, "Device Absent", 0)]
    [InlineData(0x0B, 0x09, 1, "Redundancy Lost", 1)]
    [InlineData(0x70, 0xC0, 2, "State 2", 0)]
    public void States_have_texts_and_severities(byte eventType, byte sensorType, int offset, string text, int severity) =>
        Assert.Equal(new SensorState(text, (StateSeverity)severity), SensorStates.Find(eventType, sensorType, offset));

    [Fact]
    public void No_state_of_absence_is_worse_than_ok()
    {
        (byte Event, byte Type, int Offset)[] absences = [(0x08, 0x00, 0), (0x6F, 0x25, 1), (0x6F, 0x2C, 0), (0x09, 0x00, 0)];
        Assert.All(absences, a => Assert.Equal(StateSeverity.Ok, SensorStates.Find(a.Event, a.Type, a.Offset).Severity));
    }
}
