using CimHost.Sdk.Cim;
using CimHost.Wbem.Mof;
using Xunit;

namespace CimHost.Wbem.Tests.Mof;

/// <summary>Every form of a literal (DSP0004 Annex A).</summary>
public sealed class MofLiteralTests
{
    public static TheoryData<string, string, object> Literals() => new()
    {
        { "uint8", "255", (byte)255 },
        { "sint8", "-128", (sbyte)-128 },
        { "uint16", "0xFfFf", (ushort)65535 },
        { "sint16", "-0X10", (short)-16 },
        { "uint32", "1010b", 10u },
        { "uint32", "-0", 0u },
        { "sint32", "-1010B", -10 },
        { "uint64", "18446744073709551615", ulong.MaxValue },
        { "sint64", "-9223372036854775808", long.MinValue },
        { "uint16", "017", (ushort)15 },
        { "uint16", "+7", (ushort)7 },
        { "uint16", "0", (ushort)0 },
        { "uint16", "0b", (ushort)0 },
        { "real64", "1.5", 1.5 },
        { "real64", "-.5", -0.5 },
        { "real64", "+1.25e+3", 1250.0 },
        { "real64", "1.25E-3", 0.00125 },
        { "real32", "3.0e38", 3.0e38f },
        { "real64", "7", 7.0 },
        { "real64", "0x10", 16.0 },
        { "real64", "010", 8.0 },
        { "char16", "'x'", 'x' },
        { "char16", "'\\''", '\'' },
        { "char16", "'\\x41'", 'A' },
        { "char16", "'\\n'", '\n' },
        { "char16", "'\"'", '"' },
        { "char16", "65", 'A' },
        { "boolean", "true", true },
        { "boolean", "FALSE", false },
        { "boolean", "True", true },
        { "string", "\"\"", string.Empty },
        { "string", "\"a\" \"b\" /* c */ \"d\" // e\n \"f\"", "abdf" },
        { "string", "\"\\b\\t\\n\\f\\r\\\"\\'\\\\\"", "\b\t\n\f\r\"'\\" },
        { "string", "\"\\x4\\X41\\x0041\\x00411\"", "\u0004AAA1" },
        { "string", "\"// no comment /* either */ #pragma $x\"", "// no comment /* either */ #pragma $x" },
        { "string", "\"grün 😀\"", "grün 😀" },
        { "datetime", "\"20261125063000.123456+060\"", CimDateTime.Parse("20261125063000.123456+060") },
        { "datetime", "\"00000012******.******:000\"", CimDateTime.Parse("00000012******.******:000") },
    };

    [Theory]
    [MemberData(nameof(Literals))]
    public void A_literal_has_the_value_that_it_says(string type, string literal, object expected)
    {
        CimValue value = Mofs.Value(type, literal);
        Assert.Equal(expected, value.ToObject());
    }

    [Theory]
    [InlineData("uint16[]", "{1, 0x2, 11b}", "{1, 2, 3}")]
    [InlineData("uint16[]", "{}", "{}")]
    [InlineData("uint16[]", "{1, null, 3}", "{1, NULL, 3}")]
    [InlineData("string[]", "{\"a\" \"b\", NULL, \"\"}", "{ab, NULL, }")]
    [InlineData("boolean[]", "{true, False}", "{TRUE, FALSE}")]
    [InlineData("char16[]", "{'a', 98}", "{a, b}")]
    [InlineData("uint8[]", "7", "{7}")]
    [InlineData("string", "NuLl", "NULL")]
    [InlineData("uint16[]", "null", "NULL")]
    public void Arrays_and_NULL_are_read(string type, string literal, string expected) => Assert.Equal(expected, Mofs.Value(type, literal).ToString());

    [Theory]
    [InlineData("uint8", "256", "256 does not fit into uint8")]
    [InlineData("uint8", "-1", "-1 does not fit into uint8")]
    [InlineData("sint64", "9223372036854775808", "does not fit into sint64")]
    [InlineData("uint64", "99999999999999999999999999", "99999999999999999999999999")]
    [InlineData("uint16", "09", "'09' is no integer")]
    [InlineData("uint16", "12b", "'12b' is no integer")]
    [InlineData("uint16", "0xG", "'0xG' is no integer")]
    [InlineData("uint16", "-", "'-' is no integer")]
    [InlineData("uint16", "1.0", "type uint16, found the number 1.0")]
    [InlineData("uint16", "\"1\"", "type uint16, found a string")]
    [InlineData("uint16", "{1}", "one value of type uint16, found a list")]
    [InlineData("uint16[]", "{{1}}", "a list cannot hold a list")]
    [InlineData("string", "1", "type string, found the number 1")]
    [InlineData("string", "true", "type string, found a boolean")]
    [InlineData("boolean", "1", "type boolean, found the number 1")]
    [InlineData("char16", "\"a\"", "type char16, found a string")]
    [InlineData("char16", "''", "one character between the quotes")]
    [InlineData("char16", "'ab'", "one character between the quotes")]
    [InlineData("char16", "65536", "type char16, found the number 65536")]
    [InlineData("real32", "1.0e39", "1.0e39 does not fit into real32")]
    [InlineData("real64", "1.0e999", "1.0e999 does not fit into real64")]
    [InlineData("real64", "1.5.2", "'1.5.2' is no number")]
    [InlineData("datetime", "\"20261399\"", "\"20261399\" is no datetime")]
    [InlineData("string", "\"a\\q\"", "unknown escape")]
    [InlineData("string", "\"a\\xg\"", "hexadecimal digits after '\\x'")]
    [InlineData("string", "\"open\n", "the string has no end on its line")]
    [InlineData("string", "yes", "expected a value, found 'yes'")]
    [InlineData("string", "$A", "type string, found an alias")]
    [InlineData("string", "", "expected a value, found ';'")]
    public void A_literal_that_does_not_fit_is_told(string type, string literal, string words)
    {
        bool array = type.EndsWith("[]", StringComparison.Ordinal);
        MofDiagnostic error = Mofs.Error($"class T {{ {type.Replace("[]", string.Empty, StringComparison.Ordinal)} P{(array ? "[]" : string.Empty)} = {literal}; }};");
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Equal(("a.mof", 1), (error.File, error.Line));
    }

    [Fact]
    public void Octet_strings_keep_their_text_and_their_bytes()
    {
        CimClass type = Mofs.Compile("class T { [OctetString] uint8 A[] = {0x00, 0x00, 0x00, 0x05, 0xff}; [OctetString] string B[] = {\"0x00000005FF\"}; };").Classes[0];
        Assert.Equal(new byte[] { 0, 0, 0, 5, 255 }, type.CimClassProperties["A"]!.DefaultValue.AsArray<byte>()!);
        Assert.Equal("{0x00000005FF}", type.CimClassProperties["B"]!.DefaultValue.ToString());
        Assert.True(type.CimClassProperties["B"]!.HasQualifier("OctetString"));
    }

    [Fact]
    public void Values_nested_absurdly_are_refused()
    {
        MofDiagnostic error = Mofs.Error($"class T {{ uint8 P[] = {new string('{', 100_000)}; }};");
        Assert.Contains("nested deeper", error.Message, StringComparison.Ordinal);
    }
}
