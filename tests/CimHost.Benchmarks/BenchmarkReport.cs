using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace CimHost.Benchmarks;

/// <summary>One line of the table: a case under a number of connections, beside the ceiling.</summary>
internal sealed record CaseResult(string Name, int Connections, int AnswerBytes, Load Host, Load Ceiling)
{
    /// <summary>Part of the ceiling that is reached.</summary>
    public double Ratio => Host.RequestsPerSecond / Ceiling.RequestsPerSecond;

    /// <summary>How much longer the slowest hundredth waits than the middle.</summary>
    public double Fairness => Host.P99Microseconds / Host.P50Microseconds;
}

/// <summary>A measurement that is not a load: seconds, milliseconds, megabytes.</summary>
internal sealed record Figure(string Name, double Value, string Unit, double? Goal);

/// <summary>Everything that one run measured.</summary>
internal sealed record BenchmarkReport(DateTimeOffset Date, string Machine, IReadOnlyList<CaseResult> Cases, IReadOnlyList<Figure> Figures)
{
    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true };

    public static string ThisMachine()
    {
        string model = File.Exists("/proc/cpuinfo")
            ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim() ?? "unknown processor"
            : RuntimeInformation.ProcessArchitecture.ToString();
        return string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} x {model}, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30} GiB, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}");
    }

    public string ToMarkdown()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# {Date:yyyy-MM-dd}\n\n{Machine}\n\n");
        text.Append("The load generator runs on the same cores. Goals: half the ceiling at 4 connections, p99/p50 at most 4 at 32.\n\n");
        text.Append("| case | conn. | answer | CimHost req/s | p50 ms | p99 ms | p99/p50 | bare Kestrel req/s | p99/p50 | ratio |\n|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n");
        foreach (CaseResult c in Cases)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {c.Name} | {c.Connections} | {c.AnswerBytes:N0} B | {c.Host.RequestsPerSecond:N0} | {c.Host.P50Microseconds / 1e3:F2} | {c.Host.P99Microseconds / 1e3:F2} | {c.Fairness:F1} | {c.Ceiling.RequestsPerSecond:N0} | {c.Ceiling.P99Microseconds / c.Ceiling.P50Microseconds:F1} | {c.Ratio:P0} |\n");
        }

        text.Append("\n| figure | measured | goal |\n|---|---:|---:|\n");
        foreach (Figure f in Figures)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {f.Name} | {f.Value:N1} {f.Unit} | {(f.Goal is { } goal ? string.Create(CultureInfo.InvariantCulture, $"{goal:N1} {f.Unit}") : "")} |\n");
        }

        return text.ToString();
    }

    public string ToJson() => JsonSerializer.Serialize(this, s_json);
}
