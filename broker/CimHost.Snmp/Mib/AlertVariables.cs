using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using CimHost.Alerts;

namespace CimHost.Snmp.Mib;

/// <summary>Values of the alert table and of the notifications, from an event.</summary>
public static class AlertVariables
{
    // A notification should fit into one datagram with all its texts: 16 of them would not if each were as long as it likes.
    private const int MaxText = 255;

    /// <summary>Value of a column.</summary>
    public static SnmpValue ValueOf(AlertEvent alertEvent, AlertColumn column)
    {
        ArgumentNullException.ThrowIfNull(alertEvent);
        Alert alert = alertEvent.Alert;
        return column switch
        {
            AlertColumn.Id => SnmpValue.Gauge32(unchecked((uint)alert.Id)),
            AlertColumn.Identity => Text(alertEvent.Identity),
            AlertColumn.Severity => SnmpValue.Integer((int)alert.Severity),
            AlertColumn.Kind => SnmpValue.Integer((int)alert.Kind + 1),
            AlertColumn.Source => Text(alert.Source),
            AlertColumn.SourceName => Text(alert.SourceName),
            AlertColumn.Message => Text(alert.Message),
            AlertColumn.Reading => Text(Measure(alert.Reading, alert.Units)),
            AlertColumn.Threshold => Text(Measure(alert.Threshold, alert.Units)),
            AlertColumn.Condition => Text(alert.Condition),
            AlertColumn.RaisedAt => DateAndTime(alert.RaisedAt),
            AlertColumn.ClearedAt => DateAndTime(alert.ClearedAt),
            AlertColumn.AcknowledgedBy => Text(alert.AcknowledgedBy),
            AlertColumn.RecommendedAction => Text(alert.RecommendedAction),
            AlertColumn.Correlated => Text(alertEvent.Correlated),
            AlertColumn.EventType => SnmpValue.Integer((int)alertEvent.Type + 1),
            _ => SnmpValue.NoSuchObject,
        };
    }

    /// <summary>DateAndTime of RFC 2579, in UTC; eight zero octets for none.</summary>
    public static SnmpValue DateAndTime(DateTimeOffset? time)
    {
        if (time is not { } given)
        {
            return SnmpValue.OctetString(new byte[8]);
        }

        DateTime utc = given.UtcDateTime;
        byte[] octets = new byte[11];
        BinaryPrimitives.WriteUInt16BigEndian(octets, (ushort)utc.Year);
        octets[2] = (byte)utc.Month;
        octets[3] = (byte)utc.Day;
        octets[4] = (byte)utc.Hour;
        octets[5] = (byte)utc.Minute;
        octets[6] = (byte)utc.Second;
        octets[7] = (byte)(utc.Millisecond / 100);
        octets[8] = (byte)'+';
        return SnmpValue.OctetString(octets);
    }

    private static string Measure(double? number, string units) =>
        number is { } value ? string.Create(CultureInfo.InvariantCulture, $"{value:0.######} {units}").TrimEnd() : string.Empty;

    // SnmpAdminString has 255 octets at most; a character is not cut in two.
    private static SnmpValue Text(string text)
    {
        byte[] octets = Encoding.UTF8.GetBytes(text);
        int length = Math.Min(octets.Length, MaxText);
        while (length < octets.Length && length > 0 && (octets[length] & 0xC0) == 0x80)
        {
            length--;
        }

        return SnmpValue.OctetString(length == octets.Length ? octets : octets[..length]);
    }
}
