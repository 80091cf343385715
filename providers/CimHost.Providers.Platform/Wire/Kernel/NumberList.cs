using System.Globalization;

namespace CimHost.Providers.Platform.Wire.Kernel;

/// <summary>Lists of numbers as the kernel writes them: "0-3,8,10-11" (Documentation/admin-guide/cputopology.rst).</summary>
internal static class NumberList
{
    private const int MaxNumbers = 8192;

    /// <summary>Reads a list; false when it is none or too long.</summary>
    public static bool TryRead(string? text, out IReadOnlyList<int> numbers)
    {
        var list = new List<int>();
        numbers = list;
        if (string.IsNullOrEmpty(text))
        {
            return text is not null;
        }

        foreach (string part in text.Split(','))
        {
            string[] ends = part.Split('-');
            if (ends.Length > 2
                || !int.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out int first)
                || !int.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out int last)
                || last < first
                || last - first >= MaxNumbers - list.Count)
            {
                return false;
            }

            list.AddRange(Enumerable.Range(first, last - first + 1));
        }

        return true;
    }
}
