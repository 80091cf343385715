using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Xml;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Operations;

namespace CimHost.Commands;

/// <summary>
/// CIM objects as JSON. An instance is <c>{"path", "class", "properties": {…}}</c>; numbers are numbers (the non-finite ones strings),
/// references and char16 strings, NULL is null, a datetime is <c>{"iso", "cim"}</c> with iso null where fields are not known.
/// </summary>
internal static class JsonText
{
    private static readonly JsonWriterOptions s_options = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Text of whatever is written.</summary>
    public static string Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, s_options))
        {
            write(json);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>A failure, on one line: <c>{"error": {"status", "message"}}</c>.</summary>
    public static string Error(string status, string message)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteStartObject("error");
            json.WriteString("status", status);
            json.WriteString("message", message);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>An instance.</summary>
    public static void Write(Utf8JsonWriter json, CimInstance instance)
    {
        json.WriteStartObject();
        if (instance.Path is { } path)
        {
            json.WriteString("path", path.ToString());
        }

        json.WriteString("class", instance.ClassName);
        json.WriteStartObject("properties");
        foreach (CimProperty property in instance.CimInstanceProperties)
        {
            json.WritePropertyName(property.Name);
            Write(json, property.CimValue);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>The result of a method.</summary>
    public static void Write(Utf8JsonWriter json, CimMethodResult result)
    {
        json.WriteStartObject();
        json.WritePropertyName("returnValue");
        Write(json, result.ReturnValue);
        json.WriteStartObject("parameters");
        foreach (CimMethodParameter parameter in result.OutParameters)
        {
            json.WritePropertyName(parameter.Name);
            Write(json, parameter.Value);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>A value.</summary>
    public static void Write(Utf8JsonWriter json, CimValue value)
    {
        if (value.IsNull)
        {
            json.WriteNullValue();
        }
        else if (value.IsArray)
        {
            json.WriteStartArray();
            for (int i = 0; i < value.Count; i++)
            {
                Write(json, value[i]);
            }

            json.WriteEndArray();
        }
        else
        {
            WriteScalar(json, value);
        }
    }

    private static void WriteScalar(Utf8JsonWriter json, CimValue value)
    {
        switch (value.Type)
        {
            case CimType.Boolean:
                json.WriteBooleanValue(value.AsBoolean());
                break;
            case CimType.DateTime:
                Write(json, value.AsDateTime()!.Value);
                break;
            case CimType.Instance when value.AsInstance() is { } instance:
                Write(json, instance);
                break;
            case CimType.UInt64 when value.TryGetUInt64(out ulong unsigned):
                json.WriteNumberValue(unsigned);
                break;
            case CimType type when type.IsInteger() && value.TryGetInt64(out long integer):
                json.WriteNumberValue(integer);
                break;
            case CimType.Real32 when value.TryGetDouble(out double single) && double.IsFinite(single):
                json.WriteNumberValue((float)single);
                break;
            case CimType.Real64 when value.TryGetDouble(out double real) && double.IsFinite(real):
                json.WriteNumberValue(real);
                break;
            default:
                json.WriteStringValue(value.ToString());
                break;
        }
    }

    private static void Write(Utf8JsonWriter json, CimDateTime time)
    {
        string? iso = time.HasAsterisks ? null
            : !time.IsInterval ? time.ToDateTimeOffset().ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFzzz", CultureInfo.InvariantCulture)
            : CellText.TrySpan(time, out TimeSpan span) ? XmlConvert.ToString(span)
            : null;
        json.WriteStartObject();
        json.WriteString("iso", iso);
        json.WriteString("cim", time.ToString());
        json.WriteEndObject();
    }
}
