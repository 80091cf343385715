using CimHost.Sdk.Cim;
using Xunit;

namespace CimHost.Sdk.Tests;

public class CimValueTests
{
    private static readonly CimDateTime s_time = CimDateTime.Parse("20261125063000.123456+060");

    public static TheoryData<CimType, object, string> Scalars() => new()
    {
        { CimType.Boolean, true, "TRUE" },
        { CimType.Boolean, false, "FALSE" },
        { CimType.UInt8, byte.MaxValue, "255" },
        { CimType.SInt8, sbyte.MinValue, "-128" },
        { CimType.UInt16, ushort.MaxValue, "65535" },
        { CimType.SInt16, short.MinValue, "-32768" },
        { CimType.UInt32, uint.MaxValue, "4294967295" },
        { CimType.SInt32, int.MinValue, "-2147483648" },
        { CimType.UInt64, ulong.MaxValue, "18446744073709551615" },
        { CimType.SInt64, long.MinValue, "-9223372036854775808" },
        { CimType.Real32, -1.5e-38f, "-1.5E-38" },
        { CimType.Real64, double.MaxValue, "1.7976931348623157E+308" },
        { CimType.Real32, float.NegativeInfinity, "-INF" },
        { CimType.Real64, double.PositiveInfinity, "INF" },
        { CimType.Real64, double.NaN, "NaN" },
        { CimType.Char16, 'é', "é" },
        { CimType.DateTime, s_time, "20261125063000.123456+060" },
        { CimType.String, "text", "text" },
    };

    [Theory]
    [MemberData(nameof(Scalars))]
    public void Every_scalar_keeps_its_type_and_value_and_its_text_reads_back(CimType type, object value, string text)
    {
        CimValue held = CimValue.FromObject(value);
        Assert.Equal(type, held.Type);
        Assert.Equal(value, held.ToObject());
        Assert.Equal(value.GetType(), held.ToObject()!.GetType());
        Assert.Equal(text, held.ToString());
        Assert.False(held.IsNull || held.IsArray);
        Assert.Equal(1, held.Count);
        Assert.Equal(held, held[0]);
        Assert.True(CimValue.TryParse(type, text, out CimValue parsed));
        Assert.Equal(held, parsed);
        Assert.Equal(held.GetHashCode(), parsed.GetHashCode());
    }

    public static TheoryData<CimType, Array> Arrays() => new()
    {
        { CimType.BooleanArray, new[] { true, false } },
        { CimType.UInt8Array, new byte[] { 0, 255 } },
        { CimType.SInt8Array, new sbyte[] { -1, 127 } },
        { CimType.UInt16Array, new ushort[] { 0, 65535 } },
        { CimType.SInt16Array, new short[] { -1, 1 } },
        { CimType.UInt32Array, new[] { 0u, uint.MaxValue } },
        { CimType.SInt32Array, new[] { -1, 1 } },
        { CimType.UInt64Array, new[] { 0ul, ulong.MaxValue } },
        { CimType.SInt64Array, new[] { -1L, 1L } },
        { CimType.Real32Array, new[] { 1.5f, -0.25f } },
        { CimType.Real64Array, new[] { 1.5, -0.25 } },
        { CimType.Char16Array, new[] { 'a', 'ß' } },
        { CimType.DateTimeArray, new[] { s_time } },
        { CimType.StringArray, new[] { "a", string.Empty, null } },
        { CimType.ReferenceArray, new CimObjectPath?[] { new("A"), null } },
    };

    [Theory]
    [MemberData(nameof(Arrays))]
    public void Every_array_keeps_its_type_and_its_elements(CimType type, Array array)
    {
        CimValue held = CimValue.FromObject(array);
        Assert.Equal(type, held.Type);
        Assert.Equal(array.Length, held.Count);
        for (int i = 0; i < array.Length; i++)
        {
            Assert.Equal(array.GetValue(i), held[i].ToObject());
            Assert.True(held[i].IsNull || held[i].Type == type.ElementType());
        }

        CimValue[] elements = [.. Enumerable.Range(0, held.Count).Select(i => held[i])];
        Assert.Equal(held, CimValue.FromElements(type.ElementType(), elements));
    }

    [Fact]
    public void Numbers_may_be_missing_from_an_array()
    {
        CimValue value = CimValue.FromElements(CimType.UInt16, [(ushort)1, default, (ushort)3]);
        Assert.Equal(CimType.UInt16Array, value.Type);
        Assert.Equal("{1, NULL, 3}", value.ToString());
        Assert.True(value[1].IsNull);
        Assert.Equal((ushort)3, value[2].ToObject());
        Assert.True(value.TryConvert(CimType.SInt64Array, out CimValue wider));
        Assert.Equal("{1, NULL, 3}", wider.ToString());
        Assert.NotEqual(value, wider);
    }

    [Fact]
    public void An_element_of_another_type_does_not_get_into_an_array() =>
        Assert.Throws<ArgumentException>(() => CimValue.FromElements(CimType.UInt16, [(ushort)1, 2]));

    [Fact]
    public void NULL_is_of_no_type_and_has_no_elements()
    {
        Assert.Equal(CimType.Unknown, CimValue.Null.Type);
        Assert.Equal(0, CimValue.Null.Count);
        Assert.Equal(CimValue.Null, (CimValue)(string?)null);
        Assert.Equal(CimValue.Null, (CimValue)(ushort?)null);
        Assert.True(CimValue.Null.TryConvert(CimType.DateTime, out CimValue converted) && converted.IsNull);
        Assert.Throws<ArgumentOutOfRangeException>(() => CimValue.Null[0]);
    }

    [Theory]
    [InlineData(CimType.UInt8, "256")]
    [InlineData(CimType.UInt8, "-1")]
    [InlineData(CimType.SInt8, "0xFF")]
    [InlineData(CimType.SInt64, "0xFFFFFFFFFFFFFFFF")]
    [InlineData(CimType.UInt64, "0x1FFFFFFFFFFFFFFFF")]
    [InlineData(CimType.UInt16, "0x")]
    [InlineData(CimType.UInt16, "")]
    [InlineData(CimType.UInt16, "1 2")]
    [InlineData(CimType.UInt16, "1.0")]
    [InlineData(CimType.UInt16, "1,000")]
    [InlineData(CimType.UInt32, "٣")]
    [InlineData(CimType.Boolean, "1")]
    [InlineData(CimType.Boolean, "")]
    [InlineData(CimType.Real32, "1e39")]
    [InlineData(CimType.Real64, "1e309")]
    [InlineData(CimType.Real64, "0x10")]
    [InlineData(CimType.Real64, "Infinity")]
    [InlineData(CimType.Char16, "ab")]
    [InlineData(CimType.Char16, "")]
    [InlineData(CimType.DateTime, "yesterday")]
    [InlineData(CimType.Reference, "A.B=1")]
    [InlineData(CimType.Instance, "instance of A {};")]
    public void A_text_that_is_no_value_of_the_type_is_refused(CimType type, string text)
    {
        Assert.False(CimValue.TryParse(type, text, out CimValue value));
        Assert.True(value.IsNull);
    }

    [Theory]
    [InlineData(CimType.SInt8, "-0x80", (sbyte)-128)]
    [InlineData(CimType.UInt8, "0xfF", (byte)255)]
    [InlineData(CimType.UInt64, "0XFFFFFFFFFFFFFFFF", ulong.MaxValue)]
    [InlineData(CimType.SInt32, " +7 ", 7)]
    [InlineData(CimType.Boolean, " true", true)]
    [InlineData(CimType.Boolean, "False", false)]
    [InlineData(CimType.Real32, "3.4028235E38", float.MaxValue)]
    public void Hexadecimal_signs_space_and_any_case_are_read(CimType type, string text, object expected)
    {
        Assert.True(CimValue.TryParse(type, text, out CimValue value));
        Assert.Equal(expected, value.ToObject());
    }

    public static TheoryData<CimType, object, object?> Conversions() => new()
    {
        { CimType.UInt8, 255, (byte)255 },
        { CimType.UInt8, 256, null },
        { CimType.UInt8, -1, null },
        { CimType.SInt64, ulong.MaxValue, null },
        { CimType.UInt64, long.MaxValue, (ulong)long.MaxValue },
        { CimType.UInt64, -1L, null },
        { CimType.SInt16, 3.0, (short)3 },
        { CimType.SInt16, 3.5, null },
        { CimType.UInt64, 1.8446744073709552e19, null },
        { CimType.Real64, (byte)7, 7.0 },
        { CimType.Real32, 1e300, null },
        { CimType.Real32, double.PositiveInfinity, float.PositiveInfinity },
        { CimType.SInt32, "12", 12 },
        { CimType.SInt32, "twelve", null },
        { CimType.DateTime, "20261125063000.123456+060", s_time },
        { CimType.String, 12, null },
        { CimType.Boolean, 1, null },
        { CimType.UInt32, true, null },
        { CimType.UInt16Array, 5, null },
        { CimType.UInt16, new ushort[] { 5 }, null },
    };

    [Theory]
    [MemberData(nameof(Conversions))]
    public void A_value_changes_its_type_only_where_nothing_is_lost(CimType type, object from, object? expected)
    {
        Assert.Equal(expected is not null, CimValue.FromObject(from).TryConvert(type, out CimValue converted));
        Assert.True(expected is null || (converted.Type == type && expected.Equals(converted.ToObject())));
    }

    [Fact]
    public void Numbers_are_read_exactly_or_not_at_all()
    {
        Assert.True(((CimValue)long.MinValue).TryGetInt64(out long signed) && signed == long.MinValue);
        Assert.False(((CimValue)ulong.MaxValue).TryGetInt64(out _));
        Assert.True(((CimValue)ulong.MaxValue).TryGetUInt64(out ulong unsigned) && unsigned == ulong.MaxValue);
        Assert.False(((CimValue)(sbyte)-1).TryGetUInt64(out _));
        Assert.False(((CimValue)1.0).TryGetInt64(out _));
        Assert.False(((CimValue)'1').TryGetInt64(out _));
        Assert.True(((CimValue)ulong.MaxValue).TryGetDouble(out double real) && real == 18446744073709551615.0);
        Assert.False(((CimValue)"1").TryGetDouble(out _));
    }

    [Fact]
    public void Values_of_different_types_are_not_equal()
    {
        Assert.NotEqual((CimValue)(byte)1, (CimValue)(ushort)1);
        Assert.NotEqual((CimValue)1, (CimValue)1.0);
        Assert.NotEqual((CimValue)"1", (CimValue)'1');
        Assert.NotEqual((CimValue)new byte[] { 1 }, (CimValue)new sbyte[] { 1 });
        Assert.Equal((CimValue)new byte[] { 1, 2 }, (CimValue)new byte[] { 1, 2 });
        Assert.NotEqual((CimValue)new byte[] { 1, 2 }, (CimValue)new byte[] { 2, 1 });
    }

    [Fact]
    public void Embedded_instances_are_equal_by_class_and_content()
    {
        var shape = new CimClass("E", null, [new CimPropertyDeclaration { Name = "V", CimType = CimType.UInt8 }]);
        CimValue Make(byte v) => new CimInstance(shape) { ["V"] = v };
        Assert.Equal(Make(1), Make(1));
        Assert.Equal(Make(1).GetHashCode(), Make(1).GetHashCode());
        Assert.NotEqual(Make(1), Make(2));
        Assert.NotEqual(Make(1), (CimValue)new CimInstance(new CimClass("F", null, shape.CimClassProperties)) { ["V"] = (byte)1 });
        Assert.Equal(CimType.InstanceArray, ((CimValue)new CimInstance?[] { Make(1).AsInstance(), null }).Type);
    }

    [Fact]
    public void Reading_numbers_of_every_width_touches_no_heap()
    {
        CimValue[] values = [true, (byte)1, (sbyte)1, (ushort)1, (short)1, 1u, 1, 1ul, 1L, 1f, 1.0, 'c'];
        Read(values);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Read(values);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        static void Read(CimValue[] values)
        {
            Span<byte> text = stackalloc byte[CimValue.MaxScalarLength];
            foreach (CimValue value in values)
            {
                value.TryGetDouble(out _);
                value.TryConvert(CimType.SInt64, out _);
                value.TryFormat(text, out _);
            }
        }
    }
}
