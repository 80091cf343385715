using CimHost.ObjectManager.Schema;
using CimHost.Wbem.CimXml;
using Microsoft.AspNetCore.Http;

namespace CimHost.Endpoints.CimXml;

/// <summary>
/// The CIM headers of a request (DSP0200 §7.3). With M-POST (RFC 2774) they carry the prefix that the Man header names. A client that
/// leaves them out is served, since the body says the same; one that contradicts its body is not.
/// </summary>
internal readonly struct CimXmlHeaders
{
    private const string MappingUri = "http://www.dmtf.org/cim/mapping/http/v1.0";

    private readonly IHeaderDictionary _headers;

    private CimXmlHeaders(IHeaderDictionary headers, string prefix)
    {
        _headers = headers;
        Prefix = prefix;
    }

    /// <summary>Prefix of the headers with its hyphen ("73-"), or empty.</summary>
    public string Prefix { get; }

    /// <summary>Reads the headers of a request; false for an M-POST whose Man header is missing or names another extension.</summary>
    public static bool TryRead(HttpRequest request, out CimXmlHeaders headers)
    {
        headers = new CimXmlHeaders(request.Headers, string.Empty);
        if (request.Method != "M-POST")
        {
            return true;
        }

        string man = request.Headers["Man"].ToString();
        int ns = man.IndexOf("ns=", StringComparison.OrdinalIgnoreCase);
        if (!man.Contains(MappingUri, StringComparison.OrdinalIgnoreCase) || ns < 0)
        {
            return false;
        }

        ReadOnlySpan<char> digits = man.AsSpan(ns + 3).Trim().Trim('"');
        int length = digits.IndexOfAnyExceptInRange('0', '9');
        digits = length < 0 ? digits : digits[..length];
        headers = new CimXmlHeaders(request.Headers, digits.Length is 0 or > 8 ? string.Empty : $"{digits}-");
        return headers.Prefix.Length > 0;
    }

    /// <summary>Value of the CIMError header with which the request is refused, and whether that is a matter of version (501) or not (400); null when all is well.</summary>
    public string? CheckBeforeBody(out bool isVersion)
    {
        string version = Get("CIMProtocolVersion");
        isVersion = version.Length > 0 && !version.StartsWith("1.", StringComparison.Ordinal);
        if (isVersion)
        {
            return "unsupported-protocol-version";
        }

        string operation = Get("CIMOperation");
        return operation.Length == 0 || string.Equals(operation, "MethodCall", StringComparison.OrdinalIgnoreCase) ? null : "unsupported-operation";
    }

    /// <summary>What of the headers contradicts the body, in a sentence; null when nothing does.</summary>
    public string? Mismatch(CimXmlRequest request)
    {
        string method = Get("CIMMethod");
        if (request.IsMultiple)
        {
            return method.Length == 0 ? null : "CIMMethod is not for a request with several operations; CIMBatch is.";
        }

        CimXmlCall call = request.Calls[0];
        if (method.Length > 0 && !string.Equals(method, call.Name, StringComparison.OrdinalIgnoreCase) && !string.Equals(Decode(method), call.Name, StringComparison.OrdinalIgnoreCase))
        {
            return $"CIMMethod is '{method}', the body calls {call.Name}.";
        }

        string target = Decode(Get("CIMObject"));
        int end = call.IsIntrinsic ? -1 : target.IndexOf(':', StringComparison.Ordinal);
        string ns = end < 0 ? target : target[..end];
        return target.Length > 0 && !target.StartsWith("//", StringComparison.Ordinal) && call.Namespace is { } named
            && !string.Equals(CimSchema.NormalizeNamespace(ns), CimSchema.NormalizeNamespace(named), StringComparison.OrdinalIgnoreCase)
            ? $"CIMObject is '{target}', the body names the namespace {named}."
            : null;
    }

    private string Get(string name) => _headers[Prefix + name].ToString();

    // Header values are percent-encoded UTF-8 (DSP0200 §7.3.7).
    private static string Decode(string value) => value.Contains('%', StringComparison.Ordinal) ? Uri.UnescapeDataString(value) : value;
}
