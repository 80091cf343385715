using System.Globalization;

namespace CimHost.Providers.Ipmi.Model;

/// <summary>The package's configuration (<c>Providers:CimHost.Providers.Ipmi:KEY</c>).</summary>
internal sealed record IpmiOptions
{
    private static readonly string[] s_keys = ["CheckIntervalSeconds", "ThresholdAgeSeconds", "AssetsAgeSeconds", "EventLogWarningPercent", "ControlThisComputer"];

    /// <summary>How old the last comparison of the inventory with the controller may be.</summary>
    public TimeSpan CheckInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How old thresholds of sensors with settable thresholds may be; others are read once.</summary>
    public TimeSpan ThresholdAge { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How old FRU inventories, GUID and BIOS version may be.</summary>
    public TimeSpan AssetsAge { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How full an event log is when it is told as degraded.</summary>
    public int EventLogWarningPercent { get; init; } = 80;

    /// <summary>
    /// Clients may switch, reset and watch over the very computer on which the host runs. What they may do with others is a matter of their
    /// privileges alone.
    /// </summary>
    public bool ControlThisComputer { get; init; }

    /// <summary>Reads the options.</summary>
    /// <exception cref="InvalidOperationException">A key is unknown, or its value is outside its range.</exception>
    public static IpmiOptions Read(IReadOnlyDictionary<string, string> configuration)
    {
        foreach (string key in configuration.Keys)
        {
            if (!s_keys.Contains(key, StringComparer.OrdinalIgnoreCase))
            {
                throw new InvalidOperationException($"{key} is no key of this package; it knows {string.Join(", ", s_keys)}.");
            }
        }

        var defaults = new IpmiOptions();
        return new IpmiOptions
        {
            CheckInterval = Seconds(configuration, s_keys[0], defaults.CheckInterval),
            ThresholdAge = Seconds(configuration, s_keys[1], defaults.ThresholdAge),
            AssetsAge = Seconds(configuration, s_keys[2], defaults.AssetsAge),
            EventLogWarningPercent = Percent(configuration, s_keys[3], defaults.EventLogWarningPercent),
            ControlThisComputer = Flag(configuration, s_keys[4]),
        };
    }

    private static TimeSpan Seconds(IReadOnlyDictionary<string, string> configuration, string key, TimeSpan fallback)
    {
        if (!configuration.TryGetValue(key, out string? text))
        {
            return fallback;
        }

        return double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds) && seconds <= 86_400
            ? TimeSpan.FromSeconds(seconds)
            : throw new InvalidOperationException($"{key} is '{text}'; a number of seconds from 0 to 86400 is allowed.");
    }

    private static bool Flag(IReadOnlyDictionary<string, string> configuration, string key) =>
        configuration.TryGetValue(key, out string? text)
        && (bool.TryParse(text, out bool flag) ? flag : throw new InvalidOperationException($"{key} is '{text}'; true or false is allowed."));

    private static int Percent(IReadOnlyDictionary<string, string> configuration, string key, int fallback)
    {
        if (!configuration.TryGetValue(key, out string? text))
        {
            return fallback;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int percent) && percent is >= 1 and <= 100
            ? percent
            : throw new InvalidOperationException($"{key} is '{text}'; a percentage from 1 to 100 is allowed.");
    }
}
