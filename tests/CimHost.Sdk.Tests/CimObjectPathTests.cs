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
    [InlineData("//[::1]:5988/root/cimv2:CIM_Fan.DeviceID=\"1\"")]
    [InlineData("//10.0.0.1/root:CIM_Fan.A=\"http://x/y:z.w=1,2\"")]
    [InlineData("CIM_Fan.C='x',D='\\'',E='\\\\'")]
    [InlineData("CIM_Fan.R=1.5,S=-1.5E-10,T=18446744073709551615,U=-9223372036854775808,V=FALSE")]
    [InlineData("CIM_Fan.R=\"root/cimv2:CIM_System.Name=\\\"a \\\\\\\"b\\\\\\\"\\\"\"")]
    [InlineData("CIM_Fan.Ключ=\"значение 😀\"")]
    public void A_path_comes_back_as_it_was_written(string text) => Assert.Equal(text, CimObjectPath.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("1Class")]
    [InlineData("CIM_Fan.")]
    [InlineData("CIM_Fan.DeviceID")]
    [InlineData("CIM_Fan.DeviceID=\"open")]
    [InlineData("CIM_Fan.DeviceID=1,")]
    [InlineData("CIM_Fan.DeviceID=1 2")]
    [InlineData("CIM_Fan.DeviceID=\"a\"b")]
    [InlineData("CIM_Fan.DeviceID='ab'")]
    [InlineData("CIM_Fan.DeviceID=''")]
    [InlineData("CIM_Fan.DeviceID=\"a\\")]
    [InlineData("CIM_Fan.=1")]
    [InlineData("CIM Fan")]
    [InlineData("CIM_Fan=1")]
    [InlineData("root/cimv2:")]
    [InlineData("//host")]
    [InlineData("///root:A")]
    [InlineData("ftp://host/root:A")]
    [InlineData("root//cimv2:A")]
    [InlineData("a:b:C")]
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

    [Theory]
    [InlineData("http://host:5988/root/cimv2:CIM_Fan.A=1", "host:5988", "root/cimv2")]
    [InlineData("https://[fe80::1]:5989/root/cimv2:CIM_Fan.A=1", "[fe80::1]:5989", "root/cimv2")]
    [InlineData("/root/cimv2:CIM_Fan.A=1", null, "root/cimv2")]
    [InlineData("root:CIM_Fan.A=1", null, "root")]
    [InlineData(":CIM_Fan.A=1", null, null)]
    [InlineData("CIM_Fan.A=1", null, null)]
    public void Host_and_namespace_are_taken_from_every_form(string text, string? host, string? ns)
    {
        CimObjectPath path = CimObjectPath.Parse(text);
        Assert.Equal((host, ns, "CIM_Fan"), (path.Host, path.Namespace, path.ClassName));
        Assert.Equal(1ul, path["a"].ToObject());
        Assert.False(path.IsClassPath);
    }

    [Fact]
    public void A_text_beyond_the_limits_is_refused()
    {
        Assert.False(CimObjectPath.TryParse("A.B=\"" + new string('x', CimObjectPath.MaxTextLength) + "\"", out _));
        Assert.False(CimObjectPath.TryParse("A." + string.Join(',', Enumerable.Range(0, 65).Select(i => $"K{i}=1")), out _));
        Assert.True(CimObjectPath.TryParse("A." + string.Join(',', Enumerable.Range(0, 64).Select(i => $"K{i}=1")), out _));
    }

    [Fact]
    public void Random_paths_come_back_as_they_were()
    {
        var random = new Random(20261125);
        const string Characters = "ab\"\\'=.,:/ \t\n\u00e9\u4e2d@#";
        for (int n = 0; n < 2000; n++)
        {
            string Text() => string.Concat(Enumerable.Range(0, random.Next(8)).Select(_ => Characters[random.Next(Characters.Length)]));
            CimValue Value() => random.Next(5) switch { 0 => (ulong)random.NextInt64(), 1 => -random.NextInt64(1, long.MaxValue), 2 => random.Next(2) == 0, 3 => Characters[random.Next(Characters.Length)], _ => Text() };
            var path = new CimObjectPath("C_" + n, [.. Enumerable.Range(0, random.Next(1, 5)).Select(i => new CimKeyBinding("K" + i, Value()))], random.Next(2) == 0 ? "root/x" : null);
            CimObjectPath read = CimObjectPath.Parse(path.ToString());
            Assert.Equal(path, read);
            Assert.Equal(path.Keys, read.Keys);
        }
    }

    private static readonly CimQualifier s_key = new("Key", CimType.Boolean, true);

    private static readonly CimClass s_link = new("T_Link", null,
    [
        new CimPropertyDeclaration { Name = "Source", CimType = CimType.Reference, ReferenceClassName = "T_Thing", Qualifiers = new([s_key]) },
        new CimPropertyDeclaration { Name = "Slot", CimType = CimType.UInt8, Qualifiers = new([s_key]) },
        new CimPropertyDeclaration { Name = "Since", CimType = CimType.DateTime },
    ]);

    private static readonly CimClass s_clock = new("T_Clock", null, [new CimPropertyDeclaration { Name = "Time", CimType = CimType.DateTime, Qualifiers = new([s_key]) }]);

    [Fact]
    public void A_path_in_text_gets_the_types_the_case_and_the_order_of_its_class()
    {
        CimObjectPath path = CimObjectPath.Parse("//host/root/x:t_link.slot=7,SOURCE=\"T_Thing.Name=\\\"a\\\"\"").Normalize(s_link, "root/x");
        Assert.Equal("root/x:T_Link.Source=\"root/x:T_Thing.Name=\\\"a\\\"\",Slot=7", path.ToString());
        Assert.Equal(CimType.Reference, path["Source"].Type);
        Assert.Equal((byte)7, path["Slot"].ToObject());
        Assert.Equal(path.KeyString, new CimObjectPath("T_Link", [new("slot", 7L), new("source", new CimObjectPath("T_THING", "NAME", "a", "ROOT/x"))]).Normalize(s_link, "root/x").KeyString);
        Assert.Equal(CimType.DateTime, CimObjectPath.Parse("T_Clock.Time=\"20261125063000.123456+060\"").Normalize(s_clock, "root/x")["Time"].Type);
    }

    [Fact]
    public void The_host_of_a_reference_in_a_key_does_not_make_it_another_instance()
    {
        var thing = new CimObjectPath("T_Thing", "Name", "a", "root/x");
        CimObjectPath Link(CimObjectPath source) => new CimObjectPath("T_Link", [new("Source", source), new("Slot", 1)]).Normalize(s_link, "root/x");
        Assert.Equal(Link(thing), Link(thing.WithHost("here:5988")));
        Assert.Equal(Link(thing), Link(thing.WithNamespace(null)));
        Assert.NotEqual(Link(thing), Link(thing.WithNamespace("root/y")));
    }

    [Fact]
    public void One_key_without_a_name_is_the_only_key_of_its_class()
    {
        var path = new CimObjectPath("T_Clock", string.Empty, "20261125063000.123456+060");
        Assert.Equal("root/x:T_Clock.Time=\"20261125063000.123456+060\"", path.Normalize(s_clock, "root/x").ToString());
        Assert.Throws<CimException>(() => path.Normalize(s_link, "root/x"));
    }

    [Theory]
    [InlineData("T_Link.Slot=1", "Source, Slot")]
    [InlineData("T_Link.Slot=1,Other=2", "Slot, Other")]
    [InlineData("T_Link.Slot=1,Slot=2", "Slot, Slot")]
    [InlineData("T_Link.Slot=256,Source=\"T.N=1\"", "uint8")]
    [InlineData("T_Link.Slot=1,Source=\"no path\"", "reference")]
    [InlineData("T_Link", "given were ()")]
    public void Keys_that_are_not_those_of_the_class_are_told(string text, string words)
    {
        CimException error = Assert.Throws<CimException>(() => CimObjectPath.Parse(text).Normalize(s_link, "root/x"));
        Assert.Equal(CimStatusCode.InvalidParameter, error.Status);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_class_path_is_not_the_path_of_an_instance_without_keys()
    {
        Assert.True(CimObjectPath.Parse("root:A").IsClassPath);
        Assert.NotEqual(new CimObjectPath("A"), new CimObjectPath("A", []));
    }
}
