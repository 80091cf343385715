using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CimHost.Guest;

/// <summary>
/// Writes the guest's HID device as a test case of tests/fixtures/hid: the report descriptor that the kernel shows, the feature reports that a
/// capture read from /dev/hidraw0, and as expectation the values that the test put into the device.
/// </summary>
internal static class GuestHidFixture
{
    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true };

    /// <summary>Writes it. The device is plugged in.</summary>
    /// <param name="guest">The guest.</param>
    /// <param name="name">Name of the device.</param>
    /// <param name="expected">Parts <c>ups</c> and <c>sensors</c> of <c>values.json</c>.</param>
    public static async Task WriteAsync(GuestMachine guest, string name, JsonObject expected)
    {
        await guest.RunAsync($"""
            {GuestHost.Environment}
            rm -rf /work/hid
            cp /sys/class/hidraw/hidraw0/device/report_descriptor /work/hid-descriptor
            cp /sys/class/hidraw/hidraw0/device/uevent /work/hid-uevent
            /app/cimhost hardware capture /work/hid --keep-identifiers --Dispatch:DeadlineSeconds=120 >/tmp/hid.log 2>&1 || cat /tmp/hid.log
            """);
        string captured = await File.ReadAllTextAsync(Directory.EnumerateFiles(guest.WorkFile("hid/hid")).Single());
        Dictionary<string, string> lines = captured.Split('\n').Select(l => l.Split(' ', 2)).Where(l => l.Length == 2).GroupBy(l => l[0]).ToDictionary(g => g.Key, g => g.First()[1]);

        // "HID_ID=0003:0000F055:00000900", as the kernel knows it.
        string[] id = (await File.ReadAllLinesAsync(guest.WorkFile("hid-uevent"))).Single(l => l.StartsWith("HID_ID=", StringComparison.Ordinal)).Split('=', ':');
        var device = new JsonObject
        {
            ["port"] = lines["port"].Split(' ')[0],
            ["bus"] = id[1] == "0003" ? "usb" : throw new FormatException($"The device is on the bus {id[1]}."),
            ["vendor"] = "0x" + id[2][^4..],
            ["product"] = "0x" + id[3][^4..],
            ["manufacturer"] = lines["manufacturer"],
            ["productName"] = lines["product"],
            ["serialNumber"] = lines["serial"],
            ["reportDescriptor"] = new JsonArray([.. File.ReadAllBytes(guest.WorkFile("hid-descriptor")).Chunk(16).Select(c => (JsonNode)Hex(c))]),
            ["reports"] = new JsonArray([.. FeatureReports(captured).Select(r => (JsonNode)new JsonObject { ["type"] = "feature", ["data"] = Hex(r) })]),
        };
        string folder = FixtureUpdate.Folder("hid", name);
        await File.WriteAllTextAsync(Path.Combine(folder, "device.json"), device.ToJsonString(s_json) + "\n");
        await File.WriteAllTextAsync(Path.Combine(folder, "values.json"), expected.ToJsonString(s_json) + "\n");
    }

    // "> feature 7", "data 9", and lines "0000: 07 e6 …" of the bytes that are not all 0.
    private static IEnumerable<byte[]> FeatureReports(string captured)
    {
        foreach (string[] command in captured.Split("\n\n").Select(part => part.Split('\n', StringSplitOptions.RemoveEmptyEntries)).Where(c => c[0].StartsWith("> feature ", StringComparison.Ordinal)))
        {
            if (command.FirstOrDefault(l => l.StartsWith("data ", StringComparison.Ordinal)) is not { } length)
            {
                continue;
            }

            byte[] data = new byte[int.Parse(length[5..], CultureInfo.InvariantCulture)];
            foreach (string[] line in command.Where(l => l.Contains(": ", StringComparison.Ordinal)).Select(l => l.Split(": ")))
            {
                Convert.FromHexString(line[1].Replace(" ", string.Empty, StringComparison.Ordinal)).CopyTo(data, int.Parse(line[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
            }

            yield return data;
        }
    }

    private static string Hex(byte[] bytes) => string.Join(' ', bytes.Select(b => b.ToString("X2", CultureInfo.InvariantCulture)));
}
