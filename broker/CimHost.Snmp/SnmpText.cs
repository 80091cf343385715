using System.Globalization;
using System.Net;
using System.Text;

namespace CimHost.Snmp;

/// <summary>Values as people read and write them.</summary>
public static class SnmpText
{
    /// <summary>Letters of types, as snmpset has them.</summary>
    public const string Types = "i: INTEGER, u: Gauge32, t: TimeTicks, a: IpAddress, o: OBJECT IDENTIFIER, s: text, x: octets in hexadecimal";

    /// <summary>A value as text: numbers in decimal, texts as they are, other octets in hexadecimal.</summary>
    public static string Format(SnmpValue value) => value.Type switch
    {
        SnmpType.Integer32 => value.Int32.ToString(CultureInfo.InvariantCulture),
        SnmpType.Counter32 or SnmpType.Gauge32 or SnmpType.Counter64 => value.Unsigned.ToString(CultureInfo.InvariantCulture),
        SnmpType.TimeTicks => string.Create(CultureInfo.InvariantCulture, $"{value.Unsigned} ({TimeSpan.FromMilliseconds(value.Unsigned * 10d):c})"),
        SnmpType.ObjectIdentifier => value.Oid.ToString(),
        SnmpType.IpAddress => string.Join('.', value.Octets.ToArray()),
        SnmpType.OctetString => Octets(value.Octets.Span),
        SnmpType.Opaque => Convert.ToHexString(value.Octets.Span),
        _ => string.Empty,
    };

    /// <summary>Reads a value.</summary>
    /// <param name="type">Letter of its type (<see cref="Types"/>).</param>
    /// <param name="text">The value.</param>
    /// <exception cref="FormatException">It is none of that type.</exception>
    public static SnmpValue Parse(string type, string text)
    {
        switch (type)
        {
            case "i" when int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int integer):
                return SnmpValue.Integer(integer);
            case "u" when uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint unsigned):
                return SnmpValue.Gauge32(unsigned);
            case "t" when uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint ticks):
                return SnmpValue.TimeTicks(ticks);
            case "a" when IPAddress.TryParse(text, out IPAddress? address) && address.GetAddressBytes() is { Length: 4 } octets:
                return SnmpValue.IpAddress(octets);
            case "o" when Oid.TryParse(text, out Oid oid):
                return SnmpValue.ObjectIdentifier(oid);
            case "s":
                return SnmpValue.Text(text);
            case "x" when text.Length % 2 == 0 && text.All(char.IsAsciiHexDigit):
                return SnmpValue.OctetString(Convert.FromHexString(text));
            default:
                throw new FormatException($"'{text}' is no value of type '{type}'; types are {Types}");
        }
    }

    private static string Octets(ReadOnlySpan<byte> octets)
    {
        try
        {
            string text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(octets);
            return text.Any(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t')) ? Convert.ToHexString(octets) : text;
        }
        catch (DecoderFallbackException)
        {
            return Convert.ToHexString(octets);
        }
    }
}
