using System.Globalization;

namespace CimHost.TestBed;

/// <summary>A line of <c>ipmitool sensor</c>: name, reading, unit, state, and the six thresholds from lower non-recoverable to upper non-recoverable.</summary>
public sealed record IpmitoolSensor(string Name, decimal? Reading, string Unit, string State, decimal?[] Thresholds)
{
    private static readonly string[] s_separator = ["|"];

    /// <summary>True for a sensor with a number; the others tell states in hexadecimal.</summary>
    public bool IsNumeric => Unit != "discrete";

    /// <summary>Reads what <c>ipmitool sensor</c> printed.</summary>
    public static IReadOnlyList<IpmitoolSensor> Parse(string output) =>
        [.. output.Split('\n').Select(l => l.Split(s_separator, StringSplitOptions.TrimEntries)).Where(f => f.Length == 10).Select(Read)];

    private static IpmitoolSensor Read(string[] fields) =>
        new(fields[0], Number(fields[1]), fields[2], fields[3], [.. fields[4..10].Select(Number)]);

    private static decimal? Number(string text) => decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal value) ? value : null;
}
