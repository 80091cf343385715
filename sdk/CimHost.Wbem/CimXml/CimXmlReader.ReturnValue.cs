using CimHost.Sdk.Cim;
using CimHost.Wbem.Xml;

namespace CimHost.Wbem.CimXml;

/// <content>The answer of a method.</content>
internal static partial class CimXmlReader
{
    /// <summary>RETURNVALUE: a value of the type that it names; NULL when it is empty.</summary>
    public static CimValue ReturnValue(ref XmlPullReader reader)
    {
        bool hasType = CimTypeExtensions.TryParse(reader.Attribute("PARAMTYPE"u8) ?? string.Empty, out CimType type);
        type = IsEmbedded(ref reader) ? CimType.Instance : hasType ? type : CimType.Unknown;
        if (!reader.NextChild())
        {
            return default;
        }

        CimValue value = ParameterValue(ref reader, type, "the return value");
        End(ref reader);
        return value;
    }
}
