using System.Globalization;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Operations;
using CimHost.Wbem.Xml;

namespace CimHost.Wbem.CimXml;

/// <summary>
/// Reads a response message (DSP0201 §5.4.7–§5.4.15) while it arrives: every object of the return value is handed out as soon as its last
/// byte is there. Output parameters and a method's return value are kept. Memory is bounded by the largest object.
/// </summary>
public sealed class CimXmlResponseParser
{
    /// <summary>Most output parameters of one answer.</summary>
    public const int MaxParameters = 256;

    private readonly CimXmlResponseScanner _scanner = new();
    private readonly List<CimMethodParameter> _parameters = [];

    /// <summary>Id of the message; empty until it was read.</summary>
    public string MessageId { get; private set; } = string.Empty;

    /// <summary>Operation or method that the answer is for; null until it was read.</summary>
    public string? MethodName { get; private set; }

    /// <summary>RETURNVALUE of a method; NULL when there was none.</summary>
    public CimValue ReturnValue { get; private set; }

    /// <summary>PARAMVALUEs.</summary>
    public CimNamedList<CimMethodParameter> OutParameters => new(_parameters);

    /// <summary>
    /// Reads on. Gives the next object of the return value (<see cref="CimInstance"/>, <see cref="CimClass"/>, <see cref="CimObjectPath"/>,
    /// <see cref="CimQualifierDeclaration"/>, or a boxed <see cref="CimValue"/>), or null: then there is not enough data, or nothing more.
    /// </summary>
    /// <param name="data">What has arrived, behind what was consumed before.</param>
    /// <param name="isFinal">True when nothing will follow these bytes.</param>
    /// <param name="consumed">Bytes that need not be given again.</param>
    /// <exception cref="CimException">The answer is an error, possibly after results.</exception>
    /// <exception cref="CimXmlResponseException">The answer is no CIM-XML response, or it ends too early.</exception>
    public object? Read(ReadOnlySpan<byte> data, bool isFinal, out int consumed)
    {
        consumed = 0;
        while (true)
        {
            CimXmlResponseStep step = _scanner.Next(data[consumed..], out int length, out Range range);
            ReadOnlySpan<byte> element = data[consumed..][range];
            consumed += length;
            switch (step)
            {
                case CimXmlResponseStep.Enter:
                    Parse(element, Envelope);
                    continue;
                case CimXmlResponseStep.Part when Parse(element, Part) is { } item:
                    return item;
                case CimXmlResponseStep.Part:
                    continue;
                case CimXmlResponseStep.NeedMore when isFinal:
                    throw new CimXmlResponseException(data.IsEmpty && _scanner.Open.Count == 0 ? "The answer is empty." : $"The answer ends {_scanner.Place()}.");
                case CimXmlResponseStep.End when isFinal && MethodName is null:
                    throw new CimXmlResponseException("The message holds no response.");
                default:
                    return null;
            }
        }
    }

    private delegate object? Element(ref XmlPullReader reader);

    private static object? Parse(ReadOnlySpan<byte> xml, Element read)
    {
        object? result;
        try
        {
            var reader = new XmlPullReader(xml);
            result = read(ref reader);
        }
        catch (Exception e) when (e is XmlFormatException or CimException)
        {
            // A value that does not fit its type is the server's fault, not a status it answered with.
            throw new CimXmlResponseException($"Part of the answer cannot be read: {e.Message}", e);
        }

        return result is CimException error ? throw error : result;
    }

    private object? Envelope(ref XmlPullReader reader)
    {
        if (reader.Is("MESSAGE"u8))
        {
            MessageId = reader.Attribute("ID"u8) ?? string.Empty;
        }
        else if (reader.Is("IMETHODRESPONSE"u8) || reader.Is("METHODRESPONSE"u8) || reader.Is("EXPMETHODRESPONSE"u8))
        {
            if (MethodName is not null)
            {
                throw reader.Unexpected("one response to one request");
            }

            MethodName = reader.RequiredAttribute("NAME"u8);
        }

        return null;
    }

    private object? Part(ref XmlPullReader reader)
    {
        object? item = null;
        if (reader.Is("ERROR"u8))
        {
            item = Error(ref reader);
        }
        else if (reader.Is("RETURNVALUE"u8))
        {
            ReturnValue = CimXmlReader.ReturnValue(ref reader);
        }
        else if (reader.Is("PARAMVALUE"u8))
        {
            AddParameter(ref reader);
        }
        else if (reader.Is("CORRELATOR"u8))
        {
            reader.Skip();
        }
        else
        {
            item = Object(ref reader);
        }

        reader.Finish();
        return item;
    }

    private void AddParameter(ref XmlPullReader reader)
    {
        CimMethodParameter parameter = CimXmlReader.MethodParameter(ref reader);
        if (_parameters.Count == MaxParameters || _parameters.Exists(p => string.Equals(p.Name, parameter.Name, StringComparison.OrdinalIgnoreCase)))
        {
            throw reader.Unexpected(_parameters.Count == MaxParameters ? $"at most {MaxParameters} parameters" : $"{parameter.Name} once");
        }

        _parameters.Add(parameter);
    }

    // An object of IRETURNVALUE, with its path where there is one.
    private static object Object(ref XmlPullReader reader)
    {
        if (reader.Is("VALUE.OBJECT"u8) || reader.Is("VALUE.OBJECTWITHPATH"u8) || reader.Is("VALUE.OBJECTWITHLOCALPATH"u8)
            || reader.Is("VALUE.NAMEDINSTANCE"u8) || reader.Is("VALUE.INSTANCEWITHPATH"u8))
        {
            return ObjectWithPath(ref reader);
        }

        if (reader.Is("VALUE"u8))
        {
            return (CimValue)reader.ReadContent();
        }

        return CimXmlReader.ParameterObject(ref reader) switch
        {
            string?[] list => (CimValue)list,
            CimObjectPath path => path,
            { } other => other,
            null => default(CimValue),
        };
    }

    private static object ObjectWithPath(ref XmlPullReader reader)
    {
        CimObjectPath? path = null;
        object? content = null;
        while (reader.NextChild())
        {
            if (content is not null)
            {
                throw reader.Unexpected("the end of the element");
            }

            if (reader.Is("INSTANCE"u8))
            {
                content = CimXmlReader.Instance(ref reader, 0);
            }
            else if (reader.Is("CLASS"u8))
            {
                content = CimXmlReader.Class(ref reader, 0);
            }
            else
            {
                path = CimXmlReader.Path(ref reader);
            }
        }

        switch (content)
        {
            case CimInstance instance:
                instance.Path = path;
                return instance;
            case CimClass cimClass:
                return path?.Namespace is { } ns ? cimClass.WithNamespace(ns) : cimClass;
            default:
                throw reader.Unexpected("<INSTANCE> or <CLASS>");
        }
    }

    private static CimException Error(ref XmlPullReader reader)
    {
        string code = reader.RequiredAttribute("CODE"u8);
        string description = reader.Attribute("DESCRIPTION"u8) ?? string.Empty;
        reader.Skip();
        return Error(code, description);
    }

    /// <summary>An error by its number and its text, as they stand in ERROR and in the headers CIMStatusCode and CIMStatusCodeDescription.</summary>
    public static CimException Error(string code, string description)
    {
        bool isKnown = int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && Enum.IsDefined((CimStatusCode)number);
        CimStatusCode status = isKnown ? (CimStatusCode)number : CimStatusCode.Failed;
        string name = CimException.NameOf(status) + ":";
        string text = description.StartsWith(name, StringComparison.OrdinalIgnoreCase) ? description[name.Length..].Trim() : description.Trim();
        return new CimException(status, (isKnown, text.Length) switch
        {
            (true, 0) => "The server gave no description.",
            (true, _) => text,
            _ => $"The server answered with status {code}: {text}",
        });
    }
}
