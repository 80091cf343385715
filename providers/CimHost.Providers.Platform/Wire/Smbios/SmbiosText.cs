using System.Globalization;

namespace CimHost.Providers.Platform.Wire.Smbios;

/// <summary>Values of fields in words.</summary>
internal static class SmbiosText
{
    private static readonly string[] s_units = ["bytes", "kB", "MB", "GB", "TB", "PB", "EB"];

    /// <summary>Name of an enumerated value that counts from <paramref name="first"/>; the number itself when the table has none. Null without a value.</summary>
    public static string? Name(string?[] names, int? value, int first = 1) => value is not { } number ? null
        : number >= first && number - first < names.Length && names[number - first] is { } name ? name
        : $"Reserved ({number.ToString("X2", CultureInfo.InvariantCulture)}h)";

    /// <summary>Names of the bits that are set, lowest first; "None" when there are none. Null without a value.</summary>
    public static string? Bits(string?[] names, ulong? value)
    {
        if (value is not { } bits)
        {
            return null;
        }

        IEnumerable<string> set = names.Where((name, bit) => name is not null && (bits >> bit & 1) != 0)!;
        return string.Join(", ", set) is { Length: > 0 } text ? text : "None";
    }

    /// <summary>A number with its unit; null when it is 0 or one of those that stand for unknown.</summary>
    public static string? Number(long? value, string unit, params ReadOnlySpan<long> unknown) =>
        value is not { } number || unknown.Contains(number) ? null : string.Create(CultureInfo.InvariantCulture, $"{number} {unit}").TrimEnd();

    /// <summary>Thousandths as a decimal number with its unit.</summary>
    public static string? Thousandths(long? value, string unit, params ReadOnlySpan<long> unknown) =>
        value is not { } number || unknown.Contains(number) ? null : string.Create(CultureInfo.InvariantCulture, $"{number / 1000m:0.###} {unit}");

    /// <summary>A handle; null when it refers to nothing.</summary>
    public static string? Handle(ushort? handle) => handle is null or 0xFFFF ? null : Hex(handle, 4);

    /// <summary>Hexadecimal digits with 0x before them.</summary>
    public static string? Hex(ulong? value, int digits) => value is { } number ? "0x" + number.ToString("X" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) : null;

    /// <summary>A size in the largest binary unit that leaves it whole.</summary>
    public static string? Size(ulong? bytes)
    {
        if (bytes is not { } number)
        {
            return null;
        }

        int unit = 0;
        while (number >= 1024 && number % 1024 == 0 && unit < s_units.Length - 1)
        {
            number /= 1024;
            unit++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{number} {s_units[unit]}");
    }
}
