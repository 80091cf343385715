using System.Globalization;
using System.Text.Json;
using CimHost.Alerts.Store;

namespace CimHost.Alerts.Receivers;

/// <summary>An event as JSON and as text for people.</summary>
internal static class AlertTextForms
{
    /// <summary>JSON in UTF-8: sequence, identity, type, time, correlated, and the alert.</summary>
    public static byte[] Json(AlertEvent alertEvent) => JsonSerializer.SerializeToUtf8Bytes(alertEvent, AlertJson.Default.AlertEvent);

    /// <summary>One line: "Critical: message", "Cleared: message".</summary>
    public static string Line(AlertEvent e) => e.Type switch
    {
        AlertEventType.Cleared => $"Cleared: {e.Alert.Message}",
        AlertEventType.Repeated => $"{e.Alert.Severity}, still: {e.Alert.Message}",
        _ => $"{e.Alert.Severity}: {e.Alert.Message}",
    };

    /// <summary>All of it, in lines.</summary>
    public static string Lines(AlertEvent e, string hostName)
    {
        Alert a = e.Alert;
        var lines = new List<string>
        {
            a.Message, string.Empty, $"Host:       {hostName}", $"Alert:      {a.Id} ({a.Kind}), {e.Type}", $"Severity:   {a.Severity}", $"Device:     {a.SourceName}",
            $"Since:      {a.RaisedAt.ToString("u", CultureInfo.InvariantCulture)}",
        };
        Add("Over since", a.ClearedAt?.ToString("u", CultureInfo.InvariantCulture));
        Add("Reading", a.Reading is { } r ? $"{r.ToString(CultureInfo.InvariantCulture)} {a.Units}" : null);
        Add("Threshold", a.Threshold is { } t ? $"{t.ToString(CultureInfo.InvariantCulture)} {a.Units} ({a.Condition})" : null);
        Add("Also", a.Consequences.Count > 0 ? string.Join(", ", a.Consequences) : null);
        Add("To do", a.RecommendedAction);
        Add("Identity", e.Identity);
        Add("Begun by", e.Correlated);
        return string.Join("\r\n", lines) + "\r\n";

        void Add(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                lines.Add($"{name + ":",-12}{value}");
            }
        }
    }
}
