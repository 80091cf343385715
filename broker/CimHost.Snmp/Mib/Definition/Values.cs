using System.Buffers.Binary;
using System.Text;

namespace CimHost.Snmp.Mib.Definition;

/// <summary>Values of textual conventions. What is not known is null, and has no instance in a MIB.</summary>
internal static class Values
{
    /// <summary>Text, or nothing when there is none.</summary>
    public static SnmpValue? TextOrNone(string? text) => string.IsNullOrEmpty(text) ? null : Text(text);

    /// <summary>Text in UTF-8 of at most so many octets, cut between characters.</summary>
    public static SnmpValue Text(string? text, int octets = 255)
    {
        string rest = text ?? string.Empty;
        byte[] bytes = Encoding.UTF8.GetBytes(rest);
        if (bytes.Length > octets)
        {
            int end = octets;
            while (end > 0 && (bytes[end] & 0xC0) == 0x80)
            {
                end--;
            }

            bytes = bytes[..end];
        }

        return SnmpValue.OctetString(bytes);
    }

    /// <summary>A DisplayString: ASCII, with ? for what is none, and at most so many octets.</summary>
    public static SnmpValue Ascii(string? text, int octets = 255)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(text ?? string.Empty);
        return SnmpValue.OctetString(bytes.Length > octets ? bytes[..octets] : bytes);
    }

    /// <summary>An Integer32; what does not fit becomes the nearest that does.</summary>
    public static SnmpValue Integer(long value) => SnmpValue.Integer((int)Math.Clamp(value, int.MinValue, int.MaxValue));

    /// <summary>An Integer32, or nothing.</summary>
    public static SnmpValue? Integer(long? value) => value is { } number ? Integer(number) : null;

    /// <summary>A Gauge32, which stays at its greatest value (RFC 2578 section 7.1.7).</summary>
    public static SnmpValue Gauge(ulong value) => SnmpValue.Gauge32((uint)Math.Min(value, uint.MaxValue));

    /// <summary>A Gauge32, or nothing.</summary>
    public static SnmpValue? Gauge(ulong? value) => value is { } number ? Gauge(number) : null;

    /// <summary>A Counter32, which wraps (RFC 2578 section 7.1.6), or nothing.</summary>
    public static SnmpValue? Counter(ulong? value) => value is { } number ? SnmpValue.Counter32(unchecked((uint)number)) : null;

    /// <summary>A Counter64, or nothing.</summary>
    public static SnmpValue? Counter64(ulong? value) => value is { } number ? SnmpValue.Counter64(number) : null;

    /// <summary>A TruthValue.</summary>
    public static SnmpValue Truth(bool value) => SnmpValue.Integer(value ? 1 : 2);

    /// <summary>A TruthValue, or nothing.</summary>
    public static SnmpValue? Truth(bool? value) => value is { } known ? Truth(known) : null;

    /// <summary>A DateAndTime of eleven octets (RFC 2579 section 2).</summary>
    public static SnmpValue DateAndTime(DateTimeOffset time)
    {
        var octets = new byte[11];
        BinaryPrimitives.WriteUInt16BigEndian(octets, (ushort)time.Year);
        octets[2] = (byte)time.Month;
        octets[3] = (byte)time.Day;
        octets[4] = (byte)time.Hour;
        octets[5] = (byte)time.Minute;
        octets[6] = (byte)time.Second;
        octets[7] = (byte)(time.Millisecond / 100);
        octets[8] = time.Offset < TimeSpan.Zero ? (byte)'-' : (byte)'+';
        octets[9] = (byte)Math.Abs(time.Offset.Hours);
        octets[10] = (byte)Math.Abs(time.Offset.Minutes);
        return SnmpValue.OctetString(octets);
    }

    /// <summary>A DateAndTime, or nothing.</summary>
    public static SnmpValue? DateAndTime(DateTimeOffset? time) => time is { } known ? DateAndTime(known) : null;
}
