using System.Text.Json;

namespace CimHost.Guest;

/// <summary>
/// Writes the disks of a capture as test cases of tests/fixtures/disks: the bytes that they answered, and as expectation what smartctl told of
/// them in the same guest.
/// </summary>
internal static class GuestDiskFixtures
{
    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true };

    /// <summary>Writes them.</summary>
    /// <param name="guest">The guest, in which the capture has just been taken.</param>
    public static async Task WriteAsync(GuestMachine guest)
    {
        foreach (string file in Directory.EnumerateFiles(guest.WorkFile("capture/disks")).Order(StringComparer.Ordinal))
        {
            string captured = await File.ReadAllTextAsync(file);
            string node = captured.Split(' ', 3)[1];
            JsonElement printed = await SmartctlAsync(guest, node, "-x");
            if (printed.GetProperty("device").GetProperty("protocol").GetString() == "SCSI")
            {
                // With -x it does not tell the temperature of scsi_debug.
                printed = await SmartctlAsync(guest, node, "-a");
            }

            string model = printed.TryGetProperty("model_name", out JsonElement name) ? name.GetString()! : printed.GetProperty("scsi_model_name").GetString()!;
            string folder = FixtureUpdate.Folder("disks", model);
            await File.WriteAllTextAsync(Path.Combine(folder, "commands.txt"), Commands(captured));
            await File.WriteAllTextAsync(Path.Combine(folder, "expected.json"), $"// {Origin(printed)}\n{SmartctlExpectation.Of(printed).ToJsonString(s_json)}\n");
        }
    }

    private static async Task<JsonElement> SmartctlAsync(GuestMachine guest, string node, string what) =>
        JsonDocument.Parse(await guest.RunAsync($"smartctl -j {what} /dev/{node} || [ $? -gt 2 ]")).RootElement;

    // A recording has fewer kinds of lines than a capture: no descriptions, no numbers of NVMe results, and no commands without an answer.
    private static string Commands(string captured) => string.Join("\n\n", captured.TrimEnd().Split("\n\n")
        .Select(command => command.Split('\n'))
        .Where(lines => !lines.Any(l => l.StartsWith("fault ", StringComparison.Ordinal)))
        .Select(lines => string.Join('\n', lines.Where(l => !l.StartsWith("about ", StringComparison.Ordinal) && !l.StartsWith("result ", StringComparison.Ordinal))))) + "\n";

    private static string Origin(JsonElement printed) =>
        $"Captured in the emulated guest; the values are those of smartctl {string.Join('.', printed.GetProperty("smartctl").GetProperty("version").EnumerateArray())} there.";
}
