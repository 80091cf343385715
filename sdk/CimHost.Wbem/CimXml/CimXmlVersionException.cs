namespace CimHost.Wbem.CimXml;

/// <summary>A message of a version that is not supported: HTTP 501 with this CIMError (DSP0200 §7.2.2).</summary>
public sealed class CimXmlVersionException : Exception
{
    private CimXmlVersionException(string message, string cimError)
        : base(message) => CimError = cimError;

    /// <summary>Value of the CIMError header.</summary>
    public string CimError { get; }

    internal static void Check(string attribute, string value, string expected, string cimError)
    {
        if (!value.StartsWith(expected, StringComparison.Ordinal))
        {
            throw new CimXmlVersionException($"{attribute} {value} is not supported; expected {expected}x.", cimError);
        }
    }
}
