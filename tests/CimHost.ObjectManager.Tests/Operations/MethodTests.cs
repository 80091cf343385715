using CimHost.Sdk.Operations;

namespace CimHost.ObjectManager.Tests.Operations;

public sealed class MethodTests
{
    private const string Mof = """
        class M_Dev {
          [Key] string DeviceID; string ElementName;
          uint32 All(boolean B, uint8 U8, sint8 S8, uint16 U16, sint16 S16, uint32 U32, sint32 S32, uint64 U64, sint64 S64, real32 R32, real64 R64, char16 C, datetime T, string S,
                     M_Dev REF Ref, [EmbeddedInstance("M_Set")] string Set, [EmbeddedObject] string Any,
                     boolean Bs[], uint8 U8s[], sint16 S16s[], uint64 U64s[], real64 R64s[], char16 Cs[], datetime Ts[], string Ss[], M_Dev REF Refs[], [EmbeddedInstance("M_Set")] string Sets[],
                     [Out, In(false)] string Echo, [Out, In(false)] M_Dev REF Next);
          [Static] boolean Make([Required] string Name, [In(false), Out] uint16 Count);
          datetime Plain();
        };
        class M_Set { string Mode; };
        """;

    private static async Task<(TestHost Host, ChangeableProvider Provider)> CreateAsync()
    {
        TestHost host = await TestHost.CreateAsync(Mof);
        ChangeableProvider provider = host.AddProvider(new ChangeableProvider(), 0, "M_Dev");
        provider.Devices["1"] = host.Make("M_Dev", ("DeviceID", "1"));
        return (host, provider);
    }

    private static CimNamedList<CimMethodParameter> Parameters(params (string Name, CimValue Value)[] values) => new(values.Select(v => new CimMethodParameter(v.Name, v.Value.Type, v.Value)));

    [Fact]
    public async Task Every_parameter_type_arrives_in_its_declared_type()
    {
        (TestHost host, ChangeableProvider provider) = await CreateAsync();
        await using TestHost _ = host;
        CimNamedList<CimMethodParameter>? received = null;
        provider.Method = (method, target, parameters) =>
        {
            received = parameters;
            return new CimMethodResult(7U, Parameters(("Echo", target.ToString()), ("Next", new CimObjectPath("M_Dev", "DeviceID", "2"))));
        };
        CimInstance set = host.Make("M_Set", ("Mode", "fast"));
        var reference = new CimObjectPath("M_Dev", "DeviceID", "1");
        CimDateTime time = CimDateTime.Parse("20261122080000.000000+000");

        // Numbers and datetimes as text, as a client sends them that does not know the declaration.
        CimMethodResult result = await host.Cim.InvokeMethodAsync(TestHost.Namespace, new CimObjectPath("m_dev", "deviceid", "1"), "ALL", Parameters(
            ("b", "true"), ("U8", "255"), ("S8", "-128"), ("U16", 65535), ("S16", "-32768"), ("U32", "4294967295"), ("S32", -5L), ("U64", "18446744073709551615"), ("S64", "-9223372036854775808"),
            ("R32", "1.5"), ("R64", 2), ("C", "x"), ("T", "20261122080000.000000+000"), ("S", "text"), ("Ref", reference), ("Set", set), ("Any", set),
            ("Bs", new[] { "TRUE", "false" }), ("U8s", new[] { "1", "2" }), ("S16s", new[] { -1 }), ("U64s", new[] { "7" }), ("R64s", new[] { 1.5f }), ("Cs", new[] { "a", "b" }),
            ("Ts", new[] { "20261122080000.000000+000" }), ("Ss", new[] { "a", null }), ("Refs", new CimObjectPath?[] { reference, null }), ("Sets", CimValue.FromElements(CimType.Instance, [set]))), default);

        Assert.Equal(7U, result.ReturnValue.ToObject());
        Assert.Equal("root/cimv2:M_Dev.DeviceID=\"1\"", result.OutParameters["echo"]!.Value.AsString());
        Assert.Equal(CimType.Reference, result.OutParameters["Next"]!.CimType);
        (string Name, CimValue Value)[] expected =
        [
            ("B", true), ("U8", (byte)255), ("S8", (sbyte)-128), ("U16", (ushort)65535), ("S16", (short)-32768), ("U32", 4294967295U), ("S32", -5), ("U64", ulong.MaxValue), ("S64", long.MinValue),
            ("R32", 1.5f), ("R64", 2.0), ("C", 'x'), ("T", time), ("S", "text"), ("Ref", reference.WithNamespace(TestHost.Namespace)), ("Set", set), ("Any", set),
            ("Bs", new[] { true, false }), ("U8s", new byte[] { 1, 2 }), ("S16s", new short[] { -1 }), ("U64s", new[] { 7UL }), ("R64s", new[] { 1.5 }), ("Cs", new[] { 'a', 'b' }),
            ("Ts", new[] { time }), ("Ss", new[] { "a", null }), ("Refs", new CimObjectPath?[] { reference.WithNamespace(TestHost.Namespace), null }), ("Sets", CimValue.FromElements(CimType.Instance, [set])),
        ];
        Assert.Equal(expected, received!.Select(p => (p.Name, p.Value)));
        Assert.All(received!, p => Assert.Equal(p.CimType, p.Value.Type));
    }

    [Fact]
    public async Task A_static_method_is_invoked_on_the_class_and_an_instance_method_is_not()
    {
        (TestHost host, ChangeableProvider provider) = await CreateAsync();
        await using TestHost _ = host;
        CimObjectPath? target = null;
        provider.Method = (_, path, _) =>
        {
            target = path;
            return new CimMethodResult(true, Parameters(("Count", 3)));
        };

        CimMethodResult result = await host.Cim.InvokeMethodAsync(TestHost.Namespace, new CimObjectPath("m_dev"), "make", Parameters(("Name", "n")), default);

        Assert.True(target!.IsClassPath);
        Assert.Equal("root/cimv2:M_Dev", target.ToString());
        Assert.Equal((ushort)3, result.OutParameters["Count"]!.Value.ToObject());
        await Expect.StatusAsync(CimStatusCode.InvalidParameter, async () => await host.Cim.InvokeMethodAsync(TestHost.Namespace, new CimObjectPath("M_Dev"), "Plain", Parameters(), default), "not static");
    }

    [Fact]
    public async Task What_is_wrong_with_a_call_is_told_before_the_provider_is_asked()
    {
        (TestHost host, ChangeableProvider provider) = await CreateAsync();
        await using TestHost _ = host;
        provider.Method = (_, _, _) => throw new InvalidOperationException("must not be asked");
        async Task Refused(CimStatusCode status, string path, string method, CimNamedList<CimMethodParameter> parameters, params string[] words) =>
            await Expect.StatusAsync(status, async () => await host.Cim.InvokeMethodAsync(TestHost.Namespace, CimObjectPath.Parse(path), method, parameters, default), words);

        const string One = "M_Dev.DeviceID=\"1\"";
        await Refused(CimStatusCode.InvalidClass, "M_None.DeviceID=\"1\"", "Make", Parameters());
        await Refused(CimStatusCode.MethodNotFound, One, "None", Parameters(), "None");
        await Refused(CimStatusCode.NotFound, "M_Dev.DeviceID=\"9\"", "Plain", Parameters());
        await Refused(CimStatusCode.InvalidParameter, One, "Plain", Parameters(("X", 1)), "X");
        await Refused(CimStatusCode.InvalidParameter, One, "Make", Parameters(("Name", "a"), ("Colour", 1)), "Colour");
        await Refused(CimStatusCode.InvalidParameter, One, "Make", Parameters(("Name", "a"), ("Count", 1)), "Count", "output only");
        await Refused(CimStatusCode.InvalidParameter, One, "Make", Parameters(), "Name", "required");
        await Refused(CimStatusCode.InvalidParameter, One, "Make", Parameters(("Name", CimValue.Null)), "Name", "required");
        await Refused(CimStatusCode.InvalidParameter, One, "All", Parameters(("U8", 256)), "U8", "uint8", "256");
        await Refused(CimStatusCode.InvalidParameter, One, "All", Parameters(("U8s", (byte)1)), "U8s", "uint8[]");
        await Refused(CimStatusCode.InvalidParameter, One, "All", Parameters(("Ref", "M_Dev.DeviceID=1")), "Ref");
    }

    [Fact]
    public async Task A_class_without_a_provider_for_methods_says_so()
    {
        await using TestHost host = await TestHost.CreateAsync(Mof);
        await host.AddAsync("M_Dev", ("DeviceID", "1"));

        await Expect.StatusAsync(CimStatusCode.MethodNotAvailable, async () => await host.Cim.InvokeMethodAsync(TestHost.Namespace, new CimObjectPath("M_Dev", "DeviceID", "1"), "Plain", Parameters(), default), "M_Dev.Plain");
    }

    [Fact]
    public async Task What_a_provider_returns_against_the_declaration_is_not_passed_on()
    {
        (TestHost host, ChangeableProvider provider) = await CreateAsync();
        await using TestHost _ = host;
        async Task Refused(CimMethodResult result, string word)
        {
            provider.Method = (_, _, _) => result;
            await Expect.StatusAsync(CimStatusCode.Failed, async () => await host.Cim.InvokeMethodAsync(TestHost.Namespace, new CimObjectPath("M_Dev", "DeviceID", "1"), "Make", Parameters(("Name", "a")), default), word);
        }

        await Refused(new CimMethodResult("what"), "boolean");
        await Refused(new CimMethodResult(true, Parameters(("Count", "many"))), "Count");
        await Refused(new CimMethodResult(true, Parameters(("Name", "in only"))), "Name");
    }
}
