using System.Globalization;
using System.Text;
using CimHost.Sdk.Cim;

namespace CimHost.Commands;

/// <summary>CIM values as a person reads them in a table.</summary>
internal static class CellText
{
    /// <summary>NULL is empty, arrays are lists with commas, datetimes as in ISO 8601.</summary>
    public static string Of(CimValue value)
    {
        if (value.IsNull)
        {
            return string.Empty;
        }

        if (value.IsArray)
        {
            return string.Join(", ", Enumerable.Range(0, value.Count).Select(i => Of(value[i])));
        }

        return value.Type switch
        {
            CimType.DateTime => Of(value.AsDateTime()!.Value),
            CimType.Boolean => value.AsBoolean() ? "true" : "false",
            CimType.Instance when value.AsInstance() is { } instance => Of(instance),
            _ => Printable(value.ToString()),
        };
    }

    /// <summary>A datetime; one that is not known to the second stays as it is in CIM.</summary>
    public static string Of(CimDateTime time)
    {
        if (time.HasAsterisks)
        {
            return time.ToString();
        }

        if (!time.IsInterval)
        {
            return time.ToDateTimeOffset().ToString("yyyy-MM-dd HH:mm:ss.FFFFFFzzz", CultureInfo.InvariantCulture);
        }

        return TrySpan(time, out TimeSpan span) ? span.ToString("c", CultureInfo.InvariantCulture) : time.ToString();
    }

    /// <summary>An interval as .NET holds it; false when it is longer than .NET can.</summary>
    public static bool TrySpan(CimDateTime interval, out TimeSpan span)
    {
        // 99,999,999 days of CIM are more than a TimeSpan's 10,675,199.
        bool fits = int.Parse(interval.ToString().AsSpan(0, 8), NumberStyles.None, CultureInfo.InvariantCulture) <= TimeSpan.MaxValue.Days - 1;
        span = fits ? interval.ToTimeSpan() : default;
        return fits;
    }

    /// <summary>Text from a host that does no harm to a terminal: control characters become U+FFFD, line ends a space.</summary>
    public static string Printable(string text)
    {
        if (!text.Any(char.IsControl))
        {
            return text;
        }

        var shown = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            shown.Append(c is '\n' or '\t' ? ' ' : c == '\r' ? string.Empty : char.IsControl(c) ? "\uFFFD" : c);
        }

        return shown.ToString();
    }

    private static string Of(CimInstance instance) => instance.ClassName + " { "
        + string.Join(", ", instance.CimInstanceProperties.Where(p => !p.CimValue.IsNull).Select(p => $"{p.Name} = {Of(p.CimValue)}")) + " }";
}
