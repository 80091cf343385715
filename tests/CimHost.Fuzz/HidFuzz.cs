using System.Globalization;
using System.Text;
using CimHost.Providers.Power.Model;
using CimHost.Providers.Power.Wire.Hid;
using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices.Hid;
using Xunit;

namespace CimHost.Fuzz;

/// <summary>Report descriptors, reports, and what the kernel writes of a HID device: any bytes give fields, values or a reason.</summary>
public sealed class HidFuzz
{
    private static readonly HidIdentity s_identity = new(3, 0, 0);

    // A UPS with a status, a charge, a run time in seconds and a voltage; then the reports of it.
    private static readonly byte[] s_descriptor = Convert.FromHexString(
        "05840904A10109" + "24A100" + "0585850115002564" + "7508950109" + "66B1A3" + "8502670110000026FEFF7510" + "0968B1A3"
        + "8503150025017501950509D0094409450942094BB1027503950" + "1B103" + "A4058485046721D1F000550626E8037510950109" + "30B1A2B4" + "C0C0");

    private static readonly byte[] s_reports = [1, 99, 0, 0, 2, 0x30, 0x07, 0, 3, 1, 0, 0, 4, 0x89, 0, 0];

    [Fact]
    public void Any_bytes_are_a_report_descriptor_with_bounded_fields_or_say_why_not() => Fuzzer.Run([s_descriptor, [.. s_descriptor, .. s_descriptor], [0xFE, 2, 0, 1, 2, 0xC0]], input =>
    {
        bool read = HidReportDescriptor.TryRead(input, out HidReportDescriptor? descriptor, out string? problem);
        Require(read == problem is null && read == descriptor is not null, "a failure has a reason, and only a failure");
        Require(problem is null || problem.Length < 120 && !problem.Any(char.IsControl), "the reason is short and printable");
        Require(!read || descriptor!.Fields.Count <= HidReportDescriptor.MaxFields, "fields are bounded");
        Require(!read || descriptor!.Fields.All(f => f.BitOffset >= 0 && f.BitOffset + f.BitSize <= 8 * (descriptor.LengthOf(f.ReportType, f.ReportId) - 1)), "fields lie inside their reports");
        HidReportIds.AreUsed(input);
    });

    [Fact]
    public void Any_descriptor_with_any_reports_is_a_reading_without_a_value_that_cannot_be_true() => Fuzzer.Run([[.. s_reports, .. s_descriptor]], input =>
    {
        const int Reports = 16;
        if (input.Length < Reports || !HidReportDescriptor.TryRead(input.AsSpan(Reports), out HidReportDescriptor? descriptor, out _) || HidPowerMap.Of(descriptor!) is not { } map)
        {
            return;
        }

        var results = new Dictionary<(HidReportType, byte), HidReportResult>();
        foreach ((HidReportType type, byte id) in map.Reports)
        {
            byte[] data = [id, .. input.Take(Reports), .. input.Take(Math.Min(descriptor!.LengthOf(type, id), 64))];
            results[(type, id)] = new HidReportResult(data, ReadingState.Ok, null);
        }

        PowerReading reading = HidPowerDecoder.Decode(map, s_identity, results, DateTimeOffset.UnixEpoch).WithoutAbsentBattery();
        Require((reading.Raised & ~reading.Known) == 0, "only flags that are known are raised");
        foreach (Measurement measurement in reading.Measurements)
        {
            bool told = measurement.State == ReadingState.Ok;
            Require(told == measurement.Reason is null, "what has no value has a reason");
            Require(!told || (measurement.Value >= measurement.Quantity.Least && measurement.Value <= measurement.Quantity.Most), "a value is one that can be true");
            Require(measurement.Nominal is null || double.IsFinite(measurement.Nominal.Value), "a rating is a number");
            Require(measurement.Name.Length <= 23, "a name is short");
        }
    });

    [Fact]
    public void Any_uevent_is_an_identity_or_none() => Fuzzer.Run(
        [.. new[] { "DRIVER=hid-generic\nHID_ID=0003:0000051D:00000002\nHID_NAME=Example Back-UPS\nHID_PHYS=usb-1/input0\nHID_UNIQ=AS123\n", "HID_ID=:::", "" }.Select(Encoding.UTF8.GetBytes)],
        input =>
        {
            bool read = HidrawUevent.TryRead(input, out HidrawUevent? uevent);
            Require(read == uevent is not null, "an identity or none");
            Require(uevent is null || uevent is { Bus: >= 0, VendorId: >= 0, ProductId: >= 0, Name.Length: <= 128, UniqueId.Length: <= 128 }, "texts are bounded");
        });

    private static void Require(bool condition, string what)
    {
        if (!condition)
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"Broken: {what}"));
        }
    }
}
