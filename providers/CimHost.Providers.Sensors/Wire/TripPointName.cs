using System.Globalization;

namespace CimHost.Providers.Sensors.Wire;

/// <summary>The name of a trip point's attribute, "trip_point_0_temp" (thermal sysfs-api §2).</summary>
/// <param name="Number">Number of the trip point from 0.</param>
/// <param name="Suffix">"temp", "type" or "hyst".</param>
internal readonly record struct TripPointName(int Number, string Suffix)
{
    private const string Prefix = "trip_point_";

    /// <summary>Takes a file name apart; false when it belongs to no trip point.</summary>
    public static bool TryParse(string fileName, out TripPointName name)
    {
        name = default;
        if (!fileName.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return false;
        }

        ReadOnlySpan<char> rest = fileName.AsSpan(Prefix.Length);
        int underscore = rest.IndexOf('_');
        if (underscore is < 1 or > 3 || !int.TryParse(rest[..underscore], NumberStyles.None, CultureInfo.InvariantCulture, out int number))
        {
            return false;
        }

        name = new TripPointName(number, rest[(underscore + 1)..].ToString());
        return name.Suffix is "temp" or "type" or "hyst";
    }
}
