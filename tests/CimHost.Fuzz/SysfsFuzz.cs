using System.Text;
using CimHost.Providers.Sensors.Wire;
using Xunit;

namespace CimHost.Fuzz;

/// <summary>Names and contents of sysfs attributes: whatever a driver shows gives a value or a reason, and keys stay keys.</summary>
public sealed class SysfsFuzz
{
    [Fact]
    public void Any_attribute_content_is_an_integer_or_says_what_it_is() => Fuzzer.Run(
        [.. new[] { "36500\n", "-128000\n", "+5", "", "9223372036854775807\n", "99999999999999999999", "on fire\n", "\0\n", "95.0%\n", "1\n2\n" }.Select(Encoding.UTF8.GetBytes)],
        input =>
        {
            bool read = SysfsText.TryReadInteger(input, out long value, out string? problem);
            Require(read == problem is null, "a failure has a reason, and only a failure");
            Require(problem is null || problem.Length < 200 && !problem.Any(char.IsControl), "the reason is short and printable");
            Require(!read || ChannelType.All.All(t => Plausibility.Objection(t, value) is not null || UnitScale.For(t, value).Apply(value) is not null), "a plausible value fits its sensor");
            string? text = SysfsText.ReadText(input);
            Require(text is null || text is { Length: > 0 and <= 256 } && !text.Any(char.IsControl), "text is bounded and printable");
        });

    [Fact]
    public void Any_file_name_is_an_attribute_or_none() => Fuzzer.Run(
        [.. new[] { "temp1_input", "in0_lcrit_alarm", "pwm1", "fan12_target", "intrusion0_alarm", "trip_point_0_temp", "trip_point_10_hyst", "power1_average_interval" }.Select(Encoding.UTF8.GetBytes)],
        input =>
        {
            string name = Encoding.UTF8.GetString(input);
            if (AttributeName.TryParse(name, out AttributeName attribute))
            {
                string again = attribute.Suffix.Length == 0 ? attribute.Channel : attribute.Channel + "_" + attribute.Suffix;
                Require(again == name, "an attribute's parts make up its name");
            }

            if (TripPointName.TryParse(name, out TripPointName tripPoint))
            {
                Require(tripPoint.Number is >= 0 and < 1000, "a trip point's number is bounded");
            }
        });

    [Fact]
    public void Any_device_gets_a_short_unique_name() => Fuzzer.Run(
        [.. new[] { "i2c|1-0048|lm75", "platform|nct6775.656|nct6779", "hid|0003:1B1C:0C10.0006|1-4:1.0", "pci|0000:00:18.3|k10temp", "spi|spi0.1|x", "mdio_bus|fixed-0:00|y" }.Select(Encoding.UTF8.GetBytes)],
        input =>
        {
            string[] parts = [.. Encoding.UTF8.GetString(input).Split('|'), string.Empty, string.Empty];
            string address = BusAddress.Format(parts[0], parts[1], parts[2]);
            var device = (parts[2], address, parts[1]);
            IReadOnlyList<string> names = StableNames.Assign([device, device, (parts[1], address, parts[2])]);
            Require(names.Distinct(StringComparer.OrdinalIgnoreCase).Count() == 3, "names are unique");
            Require(names.All(n => n.Length <= 50 && !n.Contains('/', StringComparison.Ordinal) && !n.Any(char.IsControl)), "names are short and have no slash");
        });

    private static void Require(bool condition, string what)
    {
        if (!condition)
        {
            throw new InvalidOperationException("Broken: " + what);
        }
    }
}
