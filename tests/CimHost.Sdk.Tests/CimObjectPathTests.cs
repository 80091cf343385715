using CimHost.Sdk.Cim;
using Xunit;

namespace CimHost.Sdk.Tests;

public class CimObjectPathTests
{
    [Theory]
    [InlineData("root/cimv2:CIM_Fan.DeviceID=\"1\"")]
    [InlineData("//host:5988/root/cimv2:CIM_Fan.A=1,B=-2,C=TRUE")]
    [InlineData("CIM_Fan.DeviceID=\"a \\\"quoted\\\" \\\\ text, with = and .\"")]
    [InlineData("root/cimv2:CIM_Fan")]
    public void A_path_comes_back_as_it_was_written(string text) => Assert.Equal(text, CimObjectPath.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("1Class")]
    [InlineData("CIM_Fan.")]
    [InlineData("CIM_Fan.DeviceID")]
    [InlineData("CIM_Fan.DeviceID=\"open")]
    [InlineData("CIM_Fan.DeviceID=1,")]
    public void What_is_no_path_is_refused(string text) => Assert.False(CimObjectPath.TryParse(text, out _));

    [Fact]
    public void Names_compare_in_any_case_keys_in_any_order_and_integers_by_value()
    {
        var one = new CimObjectPath("CIM_Fan", [new("A", (byte)7), new("B", "x")], "root/cimv2");
        var other = new CimObjectPath("cim_fan", [new("b", "x"), new("a", 7L)], "ROOT/cimv2");
        Assert.Equal(one, other);
        Assert.Equal(one.GetHashCode(), other.GetHashCode());
        Assert.NotEqual(one, new CimObjectPath("CIM_Fan", [new("A", (byte)7), new("B", "X")], "root/cimv2"));
    }
}
