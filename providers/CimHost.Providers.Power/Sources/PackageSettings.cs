using System.Globalization;

namespace CimHost.Providers.Power.Sources;

/// <summary>The package's configuration.</summary>
/// <param name="ReadTimeout">How long one look at a device may take.</param>
internal sealed record PackageSettings(TimeSpan ReadTimeout)
{
    private const string LimitKey = "ReadTimeoutMilliseconds";
    private const int DefaultLimit = 5000;
    private const int MinLimit = 10;
    private const int MaxLimit = 60_000;

    /// <summary>Reads it.</summary>
    /// <exception cref="InvalidOperationException">A value is wrong; the message names key, value and what is allowed.</exception>
    public static PackageSettings Read(IReadOnlyDictionary<string, string> configuration)
    {
        int limit = DefaultLimit;
        if (configuration.TryGetValue(LimitKey, out string? text)
            && !(int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit is >= MinLimit and <= MaxLimit))
        {
            throw new InvalidOperationException($"Providers:CimHost.Providers.Power:{LimitKey} is '{text}'; allowed is a whole number from {MinLimit} to {MaxLimit}.");
        }

        return new PackageSettings(TimeSpan.FromMilliseconds(limit));
    }
}
