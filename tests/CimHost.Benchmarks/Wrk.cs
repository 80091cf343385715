using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace CimHost.Benchmarks;

/// <summary>What wrk measured.</summary>
/// <param name="RequestsPerSecond">Answers a second.</param>
/// <param name="P50Microseconds">Half of the answers came within this.</param>
/// <param name="P99Microseconds">99 of 100 came within this.</param>
/// <param name="Errors">Answers with an HTTP error, and socket errors.</param>
internal sealed record Load(double RequestsPerSecond, double P50Microseconds, double P99Microseconds, long Errors);

/// <summary>Puts a server under load with wrk.</summary>
internal static partial class Wrk
{
    public static async Task<Load> RunAsync(string url, BenchmarkCase request, int connections, int seconds, string authorization)
    {
        string script = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(script, Script(request, authorization));
            var start = new ProcessStartInfo("wrk", ["-t1", $"-c{connections}", $"-d{seconds}", "--timeout", "30", "--latency", "-s", script, url]) { RedirectStandardOutput = true };
            using Process process = Process.Start(start)!;
            string output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            return process.ExitCode == 0 ? Parse(output) : throw new InvalidOperationException($"wrk ended with {process.ExitCode}: {output}");
        }
        finally
        {
            File.Delete(script);
        }
    }

    private static string Script(BenchmarkCase request, string authorization) => string.Join('\n',
        "wrk.method = \"POST\"",
        $"wrk.body = [[{request.Body}]]",
        "wrk.headers[\"Content-Type\"] = 'application/xml; charset=\"utf-8\"'",
        $"wrk.headers[\"Authorization\"] = \"{authorization}\"",
        "wrk.headers[\"CIMProtocolVersion\"] = \"1.0\"",
        "wrk.headers[\"CIMOperation\"] = \"MethodCall\"",
        $"wrk.headers[\"CIMMethod\"] = \"{request.Method}\"",
        "wrk.headers[\"CIMObject\"] = \"root/cimv2\"",
        string.Empty);

    private static Load Parse(string output)
    {
        long errors = 0;
        foreach (Match match in Failures().Matches(output))
        {
            errors += match.Value.Split(' ', ',', ':').Sum(w => long.TryParse(w, out long n) ? n : 0);
        }

        return new Load(Number(Rate().Match(output).Groups[1].Value), Latency(output, "50%"), Latency(output, "99%"), errors);
    }

    private static double Latency(string output, string percentile)
    {
        Match match = Regex.Match(output, percentile + @"\s+([\d.]+)(us|ms|s)");
        double scale = match.Groups[2].Value switch { "us" => 1, "ms" => 1e3, _ => 1e6 };
        return Number(match.Groups[1].Value) * scale;
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"Requests/sec:\s+([\d.]+)")]
    private static partial Regex Rate();

    [GeneratedRegex(@"(Non-2xx or 3xx responses: \d+|Socket errors: .*)")]
    private static partial Regex Failures();
}
