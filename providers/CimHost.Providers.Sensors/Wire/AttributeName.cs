using System.Globalization;

namespace CimHost.Providers.Sensors.Wire;

/// <summary>The name of a channel attribute: type, number and what it tells ("temp1_max_alarm"; hwmon sysfs-interface, "Naming and data format standards").</summary>
/// <param name="Type">Kind of channel.</param>
/// <param name="Number">Number of the channel as the kernel writes it; 0 or 1 is the first.</param>
/// <param name="Suffix">What follows the underscore; empty for a bare channel ("pwm1").</param>
internal readonly record struct AttributeName(ChannelType Type, int Number, string Suffix)
{
    private const int MaxNumber = 999;

    /// <summary>Name of the channel: "temp1".</summary>
    public string Channel => Type.Prefix + Number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Takes a file name apart; false when it is no attribute of a channel that this package knows.</summary>
    public static bool TryParse(string fileName, out AttributeName name)
    {
        name = default;
        int digits = fileName.AsSpan().IndexOfAnyInRange('0', '9');
        if (digits <= 0 || ChannelType.Find(fileName.AsSpan(0, digits)) is not { } type)
        {
            return false;
        }

        int end = digits;
        while (end < fileName.Length && char.IsAsciiDigit(fileName[end]))
        {
            end++;
        }

        bool leadingZero = fileName[digits] == '0' && end - digits > 1;
        if (leadingZero || end - digits > 3 || !int.TryParse(fileName.AsSpan(digits, end - digits), NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number > MaxNumber)
        {
            return false;
        }

        if (end < fileName.Length && (fileName[end] != '_' || end + 1 == fileName.Length))
        {
            return false;
        }

        name = new AttributeName(type, number, end == fileName.Length ? string.Empty : fileName[(end + 1)..]);
        return true;
    }
}
