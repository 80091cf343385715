using System.Text;
using CimHost.Providers.Power.Model;
using CimHost.Providers.Power.Sources;
using CimHost.Providers.Power.Wire;
using CimHost.Providers.Power.Wire.Nut;
using CimHost.Sdk.Hardware;
using Xunit;

namespace CimHost.Fuzz;

/// <summary>What a NUT server answers: any line is words or says why not, any variables are a reading.</summary>
public sealed class NutFuzz
{
    [Fact]
    public void Any_line_is_words_or_says_why_not() => Fuzzer.Run(
        [.. new[] { "VAR testups battery.charge \"44\"", "BEGIN LIST UPS", "UPS a \"say \\\"x\\\" \\\\\"", "ERR DATA-STALE", "\"", "\\", "OK\r" }.Select(Encoding.UTF8.GetBytes)],
        input =>
        {
            bool read = NutLine.TryRead(input, out IReadOnlyList<string> words, out string? problem);
            Require(read == problem is null, "a failure has a reason, and only a failure");
            Require(words.Count <= 64 && words.All(w => !w.Any(char.IsControl)), "words are bounded and printable");
        });

    [Fact]
    public void Any_variables_are_a_reading_without_a_value_that_cannot_be_true() => Fuzzer.Run(
        [.. new[] { "ups.status=OB LB DISCHRG\nbattery.charge=44\nbattery.charge.low=20\ninput.voltage=230.1\ninput.L1-N.voltage=1e9\nups.load=NaN\nups.temperature=-400\nups.mfr= \n" }.Select(Encoding.UTF8.GetBytes)],
        input =>
        {
            var variables = new Dictionary<string, string>();
            foreach (string[] pair in Encoding.UTF8.GetString(input).Split('\n').Select(l => l.Split('=', 2)).Where(p => p.Length == 2))
            {
                variables[pair[0]] = pair[1];
            }

            PowerReading reading = NutVariables.Decode(variables, DateTimeOffset.UnixEpoch);
            Require((reading.Raised & ~reading.Known) == 0, "only flags that are known are raised");
            Require(reading.Measurements.Select(m => m.Name).Distinct().Count() == reading.Measurements.Count, "names are unique");
            Require(reading.Measurements.All(m => m.Name.Length <= 23 && m.State == ReadingState.Ok == m.Reason is null), "what has no value has a reason");
            Require(reading.Measurements.All(m => m.State != ReadingState.Ok || (m.Value >= m.Quantity.Least && m.Value <= m.Quantity.Most)), "a value is one that can be true");
        });

    [Fact]
    public void Any_address_is_a_server_or_none() => Fuzzer.Run(
        [.. new[] { "127.0.0.1:3493", "[::1]:3493", "ups.example", "[::1]", "a:b:c", ":1" }.Select(Encoding.UTF8.GetBytes)],
        input =>
        {
            UpsdSettings? server = UpsdSettings.Parse(Encoding.UTF8.GetString(input), string.Empty, string.Empty);
            Require(server is null || server is { Port: >= 1 and <= 65535, Host.Length: > 0 and <= 253 }, "a server has a host and a port");
        });

    [Fact]
    public void Any_device_gets_a_short_unique_name() => Fuzzer.Run(
        [.. new[] { "hid-051d:0002-AS123|1", "nut-127.0.0.1:3493-testups|2", "|" }.Select(Encoding.UTF8.GetBytes)],
        input =>
        {
            string[] parts = [.. Encoding.UTF8.GetString(input).Split('|'), string.Empty];
            IReadOnlyList<string> names = StableNames.Assign([(parts[0], parts[1]), (parts[0], parts[1]), (parts[1], parts[0])]);
            Require(names.Distinct(StringComparer.OrdinalIgnoreCase).Count() == 3, "names are unique");
            Require(names.All(n => n.Length <= StableNames.MaxLength && !n.Contains('/', StringComparison.Ordinal) && !n.Any(char.IsControl)), "names are short and have no slash");
        });

    private static void Require(bool condition, string what)
    {
        if (!condition)
        {
            throw new InvalidOperationException("Broken: " + what);
        }
    }
}
