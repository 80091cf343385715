using System.Globalization;

namespace CimHost.Alerts.Engine;

/// <summary>What alerts say to people.</summary>
internal static class AlertTexts
{
    /// <summary>How an alert ends, after the name of its element.</summary>
    public const string Well = "is in order again";

    /// <summary>See <see cref="Well"/>; also what is wrong with a device that was taken away.</summary>
    public const string Gone = "is not there any more";

    /// <summary>See <see cref="Well"/>: the configuration says that there are no alerts of it.</summary>
    public const string Unwatched = "is not watched any more";

    /// <summary>What is wrong with an element.</summary>
    public static string Of(ElementState element)
    {
        Observation last = element.Last!;
        return element.Worst is { } limit
            ? $"{last.Name} is {Number(last.Reading)}{Units(last)}, {(limit.IsUpper ? "at or above" : "at or below")} its threshold {limit.Name} of {Number(limit.Value)}{Units(last)}"
            : $"{last.Name}: {State(last)}";
    }

    // Devices that sum up their sensors name the sensor, often the only one, by their own name.
    private static string State(Observation o)
    {
        int colon = o.StateText.IndexOf(": ", StringComparison.Ordinal);
        return o.StateText.Length == 0 ? o.Severity.ToString()
            : colon > 0 && o.Name.EndsWith(o.StateText[..colon], StringComparison.Ordinal) ? o.StateText[(colon + 2)..]
            : o.StateText;
    }

    /// <summary>What to do about it.</summary>
    public static string Action(ElementState element) => element.Last is not { } last
        ? string.Empty
        : last.DeviceKind switch
        {
            "fan" => "Check that the fan turns and is not blocked; replace it.",
            "power" => "Check the power cord and the feed; replace the power supply if both are good.",
            "disk" => "Save its data and replace the disk.",
            "battery" => "Check the mains; replace the battery if it does not charge.",
            "memory" => "Replace the memory module at the next occasion.",
            "temperature" => "Check fans, air flow and the temperature of the room.",
            _ => "See the hardware log and the manual of the device.",
        };

    /// <summary>A number as short as it is exact.</summary>
    public static string Number(double? value) => value?.ToString("0.######", CultureInfo.InvariantCulture) ?? "unknown";

    private static string Units(Observation o) => o.Units.Length > 0 ? " " + o.Units : string.Empty;
}
