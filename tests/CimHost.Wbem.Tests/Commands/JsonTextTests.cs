using System.Text.Json;
using CimHost.Commands;
using CimHost.Sdk.Cim;
using CimHost.Wbem.Tests.Client;
using Xunit;

namespace CimHost.Wbem.Tests.Commands;

public sealed class JsonTextTests
{
    private static readonly JsonSerializerOptions s_compact = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static TheoryData<CimValue, string, string> Values => new()
    {
        { default, "null", string.Empty },
        { ulong.MaxValue, "18446744073709551615", "18446744073709551615" },
        { long.MinValue, "-9223372036854775808", "-9223372036854775808" },
        { 0.1f, "0.1", "0.1" },
        { double.NaN, "\"NaN\"", "NaN" },
        { true, "true", "true" },
        { 'x', "\"x\"", "x" },
        { "a \"b\" ü", "\"a \\\"b\\\" ü\"", "a \"b\" ü" },
        { (ushort[])[2, 3], "[2,3]", "2, 3" },
        { (string?[])["a", null], "[\"a\",null]", "a, " },
        { CimDateTime.Parse("20261125041530.500000+060"), "{\"iso\":\"2026-11-25T04:15:30.5+01:00\",\"cim\":\"20261125041530.500000+060\"}", "2026-11-25 04:15:30.5+01:00" },
        { CimDateTime.Parse("20261125041530.******+000"), "{\"iso\":null,\"cim\":\"20261125041530.******+000\"}", "20261125041530.******+000" },
        { CimDateTime.Parse("00000001020304.000000:000"), "{\"iso\":\"P1DT2H3M4S\",\"cim\":\"00000001020304.000000:000\"}", "1.02:03:04" },
        { CimDateTime.Parse("99999999020304.000000:000"), "{\"iso\":null,\"cim\":\"99999999020304.000000:000\"}", "99999999020304.000000:000" },
        { new CimObjectPath("A", "Id", "1"), "\"A.Id=\\\"1\\\"\"", "A.Id=\"1\"" },
        { WireXml.Fan("1", 5), "{\"path\":\"root/cimv2:CIM_Fan.DeviceID=\\\"1\\\"\",\"class\":\"CIM_Fan\",\"properties\":{\"DeviceID\":\"1\",\"Speed\":5,\"Caption\":null}}", "CIM_Fan { DeviceID = 1, Speed = 5 }" },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void A_value_as_JSON_and_in_a_cell(CimValue value, string json, string cell)
    {
        string text = JsonText.Write(writer => JsonText.Write(writer, value));
        using JsonDocument parsed = JsonDocument.Parse(text);
        Assert.Equal(json, JsonSerializer.Serialize(parsed.RootElement, s_compact));
        Assert.Equal(cell, CellText.Of(value));
    }
}
