using System.Buffers;
using System.Text;
using System.Xml.Linq;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Operations;
using CimHost.Wbem.CimXml;
using CimHost.Wbem.Tests.Mof;
using CimHost.Wbem.Xml;
using Xunit;

namespace CimHost.Wbem.Tests.CimXml;

/// <summary>What the writer writes the reader reads back, and it is XML for others as well.</summary>
public sealed class CimXmlRoundTripTests
{
    private delegate T Read<T>(ref XmlPullReader reader);

    private static readonly CimObjectPath s_path = new("A", [new("Id", "x < \"y\" & z\n"), new("N", (ushort)7), new("B", true), new("T", CimDateTime.Parse("20261125063000.123456+060")), new("C", 'ü'), new("R", -1.5), new("P", new CimObjectPath("B", "K", -3L, "root/y"))], "root/x", "host:5988");

    public static TheoryData<string, CimValue> Values() => new()
    {
        { "boolean", true },
        { "uint8", byte.MaxValue },
        { "sint8", sbyte.MinValue },
        { "uint16", ushort.MaxValue },
        { "sint16", short.MinValue },
        { "uint32", uint.MaxValue },
        { "sint32", int.MinValue },
        { "uint64", ulong.MaxValue },
        { "sint64", long.MinValue },
        { "real32", 1.1f },
        { "real32", float.NaN },
        { "real64", double.Epsilon },
        { "real64", double.NegativeInfinity },
        { "char16", '<' },
        { "char16", '\n' },
        { "datetime", CimDateTime.Parse("00000012******.******:000") },
        { "string", string.Empty },
        { "string", " <a b=\"c\">&amp;</a>\r\n\t'😀 " },
        { "string", "]]>" },
        { "boolean[]", new[] { true, false } },
        { "uint8[]", Array.Empty<byte>() },
        { "uint16[]", CimValue.FromElements(CimType.UInt16, [(ushort)1, default, (ushort)3]) },
        { "string[]", new[] { "a", null, string.Empty } },
        { "char16[]", new[] { '&', ' ' } },
        { "datetime[]", new[] { CimDateTime.Parse("20261125063000.123456+060") } },
        { "real64[]", new[] { 0.1, -1e300 } },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void A_property_keeps_its_type_and_value(string type, CimValue value)
    {
        CimType cimType = CimTypeExtensions.TryParse(type.Replace("[]", string.Empty, StringComparison.Ordinal), out CimType scalar) ? type.EndsWith(']') ? scalar.ArrayType() : scalar : default;
        var instance = new CimInstance(Shape(new CimPropertyDeclaration { Name = "P", CimType = cimType })) { ["P"] = value };
        CimInstance read = RoundTrip(w => CimXmlWriter.Instance(w, instance), (ref XmlPullReader r) => CimXmlReader.Instance(ref r, 0));
        Assert.Equal(cimType, read.CimClass.CimClassProperties["P"]!.CimType);
        Assert.Equal(value, read["P"]);
        Assert.Equal(value.Type, read["P"].Type);
    }

    [Fact]
    public void NULL_properties_of_every_type_stay_NULL_and_keep_their_type()
    {
        CimPropertyDeclaration[] properties =
        [
            .. Enumerable.Range(1, 14).Select(i => new CimPropertyDeclaration { Name = "P" + i, CimType = (CimType)i }),
            .. Enumerable.Range(17, 14).Select(i => new CimPropertyDeclaration { Name = "P" + i, CimType = (CimType)i, ArraySize = i == 20 ? 4 : 0 }),
            new CimPropertyDeclaration { Name = "Ref", CimType = CimType.Reference, ReferenceClassName = "X" },
            new CimPropertyDeclaration { Name = "Emb", CimType = CimType.Instance, EmbeddedClassName = "X" },
            new CimPropertyDeclaration { Name = "Embs", CimType = CimType.InstanceArray, EmbeddedClassName = string.Empty },
        ];
        CimInstance read = RoundTrip(w => CimXmlWriter.Instance(w, new CimInstance(Shape(properties))), (ref XmlPullReader r) => CimXmlReader.Instance(ref r, 0));
        Assert.Equal(properties.Select(p => (p.Name, p.CimType, p.ArraySize)), read.CimClass.CimClassProperties.Select(p => (p.Name, p.CimType, p.ArraySize)));
        Assert.All(read.Values.ToArray(), v => Assert.True(v.IsNull));
    }

    [Fact]
    public void Class_origins_are_written_when_they_are_asked_for()
    {
        CimClass shape = Shape(new CimPropertyDeclaration { Name = "P", CimType = CimType.UInt8, ClassOrigin = "Base", IsPropagated = true });
        CimInstance with = RoundTrip(w => CimXmlWriter.Instance(w, new CimInstance(shape), includeClassOrigin: true), (ref XmlPullReader r) => CimXmlReader.Instance(ref r, 0));
        CimInstance without = RoundTrip(w => CimXmlWriter.Instance(w, new CimInstance(shape)), (ref XmlPullReader r) => CimXmlReader.Instance(ref r, 0));
        Assert.Equal(("Base", string.Empty), (with.CimClass.CimClassProperties[0].ClassOrigin, without.CimClass.CimClassProperties[0].ClassOrigin));
    }

    [Fact]
    public void Embedded_instances_classes_and_what_they_embed_come_back()
    {
        CimClass inner = Shape(new CimPropertyDeclaration { Name = "Text", CimType = CimType.String });
        CimInstance Inner(string text) => new(inner) { ["Text"] = text };
        CimClass middle = Shape(new CimPropertyDeclaration { Name = "I", CimType = CimType.Instance, EmbeddedClassName = "T" });
        var instance = new CimInstance(Shape(
            new CimPropertyDeclaration { Name = "One", CimType = CimType.Instance, EmbeddedClassName = "T" },
            new CimPropertyDeclaration { Name = "Many", CimType = CimType.InstanceArray, EmbeddedClassName = "T" },
            new CimPropertyDeclaration { Name = "Class", CimType = CimType.Instance, EmbeddedClassName = string.Empty }))
        {
            ["One"] = new CimInstance(middle) { ["I"] = Inner("<deep> & \"quoted\"") },
            ["Many"] = new CimInstance?[] { Inner("a"), null, Inner("b") },
            ["Class"] = inner,
        };
        CimInstance read = RoundTrip(w => CimXmlWriter.Instance(w, instance), (ref XmlPullReader r) => CimXmlReader.Instance(ref r, 0));
        Assert.Equal(instance["One"], read["One"]);
        Assert.Equal(instance["Many"], read["Many"]);
        Assert.Equal("T", read["Class"].AsClass()!.ClassName);
        Assert.Equal(CimType.String, read["Class"].AsClass()!.CimClassProperties["Text"]!.CimType);
    }

    [Fact]
    public void Embedded_objects_nested_absurdly_are_refused()
    {
        string xml = "<INSTANCE CLASSNAME=\"T\"/>";
        for (int i = 0; i < 6; i++)
        {
            xml = $"<INSTANCE CLASSNAME=\"T\"><PROPERTY NAME=\"P\" TYPE=\"string\" EmbeddedObject=\"instance\"><VALUE>{xml.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal)}</VALUE></PROPERTY></INSTANCE>";
        }

        CimException error = Assert.Throws<CimException>(() => Parse(Encoding.UTF8.GetBytes(xml), (ref XmlPullReader r) => CimXmlReader.Instance(ref r, 0)));
        Assert.Equal(CimStatusCode.InvalidParameter, error.Status);
        Assert.Contains("nested deeper", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Paths_of_every_form_come_back()
    {
        Read<CimObjectPath> path = CimXmlReader.Path;
        Assert.Equal(s_path.WithHost(null).WithNamespace(null), RoundTrip(w => CimXmlWriter.InstanceName(w, s_path), path));
        Assert.Equal(s_path.WithHost(null), RoundTrip(w => CimXmlWriter.LocalPath(w, s_path, "unused"), path));
        CimObjectPath full = RoundTrip(w => CimXmlWriter.FullPath(w, s_path, "unused", "unused"), path);
        Assert.Equal(s_path, full);
        Assert.Equal(s_path.Keys, full.Keys);
        Assert.Equal(s_path, RoundTrip(w => CimXmlWriter.ObjectPath(w, s_path, "unused", "unused"), path));
        Assert.Equal(new CimObjectPath("A", [], "root/z", "[::1]:5988"), RoundTrip(w => CimXmlWriter.FullPath(w, new CimObjectPath("A", []), "[::1]:5988", "root/z"), path));
        Assert.Equal(new CimObjectPath("A", null, "root/z", "h"), RoundTrip(w => CimXmlWriter.FullPath(w, new CimObjectPath("A"), "h", "root/z"), path));
        Assert.Equal(new CimObjectPath("A", null, "root/z"), RoundTrip(w => CimXmlWriter.LocalPath(w, new CimObjectPath("A"), "root/z"), path));
        foreach (CimObjectPath reference in (CimObjectPath[])[s_path, s_path.WithHost(null), s_path.WithHost(null).WithNamespace(null), new("A"), new("A", null, "root/x")])
        {
            Assert.Equal(reference, RoundTrip(w => CimXmlWriter.Reference(w, reference), (ref XmlPullReader r) => CimXmlReader.Reference(ref r)));
        }
    }

    [Fact]
    public void A_class_with_everything_comes_back()
    {
        CimClass original = Mofs.Compile("""
            class Thing { [Key] string Id; };
            [Description("a <b> & \"c\"\n") : Translatable] class T : Thing
            {
                [ValueMap{"1", "2"}, MaxLen(7) : DisableOverride Restricted] uint16 Code[4] = {1, null};
                [EmbeddedInstance("Thing")] string One; [EmbeddedObject] string Any[];
                [Description(null)] datetime When = "20261125063000.123456+060";
                uint32 Go([In(false), Out] Thing REF Where[], [In] Thing REF What, [EmbeddedInstance("Thing")] string E, string Names[3], char16 C);
            };
            [Association] class L { [Key] Thing REF From = "Thing.Id=\"a\""; [Key] Thing REF To; };
            """).Classes.Single(c => c.ClassName == "T");
        CimClass read = RoundTrip(w => CimXmlWriter.Class(w, original), (ref XmlPullReader r) => CimXmlReader.Class(ref r, 0));
        Assert.Equal(("T", "Thing"), (read.ClassName, read.CimSuperClassName));
        Assert.Equal(original.CimClassQualifiers, read.CimClassQualifiers);
        Assert.Equal(original.CimClassProperties.Select(Element), read.CimClassProperties.Select(Element));
        Assert.Equal(original.CimClassProperties.Select(p => p.DefaultValue), read.CimClassProperties.Select(p => p.DefaultValue));
        Assert.Equal(original.CimClassMethods[0].Parameters.Select(Element), read.CimClassMethods[0].Parameters.Select(Element));
        Assert.Equal(original.CimClassMethods[0].ReturnType, read.CimClassMethods[0].ReturnType);

        static string Element(CimTypedElement e) => $"{e.Name} {e.CimType} {e.ArraySize} {e.ReferenceClassName} {e.EmbeddedClassName} [{string.Join(", ", e.Qualifiers)}]";
    }

    [Fact]
    public void Every_qualifier_declaration_comes_back()
    {
        foreach (CimQualifierDeclaration declaration in Mofs.Compile("Qualifier S : string = \"<&>\", Scope(any); Qualifier N : uint64[4] = {1, null}, Scope(indication), Flavor(Restricted, DisableOverride);").Qualifiers)
        {
            Assert.Equal(declaration, RoundTrip(w => CimXmlWriter.QualifierDeclaration(w, declaration), (ref XmlPullReader r) => CimXmlReader.QualifierDeclaration(ref r)));
        }
    }

    public static TheoryData<string, CimValue> Parameters() => new()
    {
        { "none", default },
        { "number", 7u },
        { "text", "a" },
        { "array", new ushort[] { 1, 2 } },
        { "reference", s_path },
        { "references", new CimObjectPath?[] { s_path, null, new("A") } },
        { "instance", new CimInstance(Shape(new CimPropertyDeclaration { Name = "P", CimType = CimType.UInt8 })) { ["P"] = (byte)1 } },
        { "instances", new CimInstance?[] { new(Shape()), null } },
    };

    [Theory]
    [MemberData(nameof(Parameters))]
    public void A_method_parameter_keeps_its_type_and_value(string name, CimValue value)
    {
        CimMethodParameter read = RoundTrip(w => CimXmlWriter.MethodParameter(w, new CimMethodParameter(name, value.Type, value)), (ref XmlPullReader r) => CimXmlReader.MethodParameter(ref r));
        Assert.Equal((name, value.Type), (read.Name, read.CimType));
        Assert.Equal(value, read.Value);
        if (!value.IsNull)
        {
            Assert.Equal(value, RoundTrip(w => CimXmlWriter.ReturnValue(w, value.Type, value), (ref XmlPullReader r) => CimXmlReader.ReturnValue(ref r)));
        }
    }

    [Fact]
    public void What_is_kept_for_the_next_answer_is_what_would_be_written()
    {
        CimInstance instance = new CimInstance(Shape(new CimPropertyDeclaration { Name = "P", CimType = CimType.String })) { ["P"] = "<x>" }.Freeze();
        CimClass type = Shape(new CimPropertyDeclaration { Name = "P", CimType = CimType.String });
        for (int i = 0; i < 4; i++)
        {
            Assert.Equal(Write(w => CimXmlWriter.Instance(w, instance)), Write(w => CimXmlWriter.SharedInstance(w, instance)));
            Assert.Equal(Write(w => CimXmlWriter.InstanceName(w, s_path)), Write(w => CimXmlWriter.SharedInstanceName(w, s_path)));
            Assert.Equal(Write(w => CimXmlWriter.Class(w, type)), Write(w => CimXmlWriter.SharedClass(w, type)));
        }
    }

    [Fact]
    public void An_instance_that_can_still_change_is_never_kept()
    {
        var instance = new CimInstance(Shape(new CimPropertyDeclaration { Name = "P", CimType = CimType.UInt8 })) { ["P"] = (byte)0 };
        for (byte i = 0; i < 4; i++)
        {
            instance["P"] = i;
            Assert.Contains($"<VALUE>{i}</VALUE>", Write(w => CimXmlWriter.SharedInstance(w, instance)), StringComparison.Ordinal);
        }

        Assert.Contains("<VALUE>3</VALUE>", Write(w => CimXmlWriter.SharedInstance(w, instance.Freeze())), StringComparison.Ordinal);
        CimInstance clone = instance.Clone();
        clone["P"] = (byte)9;
        Assert.Contains("<VALUE>9</VALUE>", Write(w => CimXmlWriter.SharedInstance(w, clone)), StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_has_its_number_and_its_words()
    {
        XElement error = XElement.Parse(Write(w => CimXmlWriter.Error(w, CimException.InvalidClass("root/x", "A\"<B>"))));
        Assert.Equal(("5", "CIM_ERR_INVALID_CLASS: There is no class A\"<B> in namespace root/x."), (error.Attribute("CODE")!.Value, error.Attribute("DESCRIPTION")!.Value));
    }

    private static CimClass Shape(params CimPropertyDeclaration[] properties) => new("T", null, properties);

    private static string Write(Action<IBufferWriter<byte>> write)
    {
        var writer = new ArrayBufferWriter<byte>();
        write(writer);
        return Encoding.UTF8.GetString(writer.WrittenSpan);
    }

    private static T RoundTrip<T>(Action<IBufferWriter<byte>> write, Read<T> read)
    {
        string xml = Write(write);
        XElement.Parse(xml);
        return Parse(Encoding.UTF8.GetBytes(xml), read);
    }

    private static T Parse<T>(byte[] xml, Read<T> read)
    {
        var reader = new XmlPullReader(xml);
        T value = read(ref reader);
        reader.Finish();
        return value;
    }
}
