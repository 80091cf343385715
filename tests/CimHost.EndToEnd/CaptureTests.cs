using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using CimHost.TestBed;
using Xunit;

namespace CimHost.EndToEnd;

/// <summary><c>cimhost hardware capture</c>: what is captured of a machine tells the same again, and not who it was.</summary>
public sealed partial class CaptureTests : IDisposable
{
    // When something was read or is asked: all that may differ between a machine and its capture.
    private static readonly string[] s_times = ["ReadingTime", "ReadingAgeSeconds", "StatisticTime", "StatisticsPeriod", "ControllerTime", "LocalDateTime", "LastBootUpTime"];

    // What the host tells of itself: worlds, services, groups, health of its providers.
    private static readonly string[] s_ofTheHost = ["CimHost_UserWorld", "CimHost_ResourceGroup", "CimHost_Service", "CimHost_ProviderHealth", "CimHost_ProviderPackage"];

    private static readonly Dictionary<string, string?> s_nothing = [];
    private readonly TemporaryDirectory _folder = new();

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_captured_machine_tells_every_instance_of_every_class_as_the_machine_itself_does()
    {
        ToolRun run = (await CaptureAsync("capture", "--keep-identifiers", $"--Machine={RackServer.Source}")).Succeeded();
        Assert.Contains("ipmi0:", run.Error, StringComparison.Ordinal);

        SortedDictionary<string, string> machine = await EnumerateAsync(RackServer.Source);
        SortedDictionary<string, string> captured = await EnumerateAsync(_folder.PathOf("capture"));

        Assert.Equal(machine.Keys, captured.Keys);
        Assert.True(machine.Count > 1000, $"{machine.Count} instances");
        foreach ((string path, string instance) in machine)
        {
            if (instance != captured[path])
            {
                string[] other = [.. XElement.Parse(captured[path]).Elements().Select(p => p.ToString())];
                Assert.Fail($"{path}:\n{string.Join('\n', XElement.Parse(instance).Elements().Select(p => p.ToString()).Where((p, i) => p != other.ElementAtOrDefault(i)))}\nis captured as\n{string.Join('\n', other.Except(XElement.Parse(instance).Elements().Select(p => p.ToString())))}");
            }
        }
    }

    [Fact]
    public async Task Without_a_wish_to_keep_them_no_identifier_of_the_machine_is_in_any_file_of_the_capture()
    {
        (await CaptureAsync("capture", "--instances", _folder.PathOf("machine.json"), $"--Machine={RackServer.Source}")).Succeeded();
        string[] identifiers = [.. Identifiers(RackServer.Source)];
        Assert.True(identifiers.Length > 40, $"{identifiers.Length} identifiers: {string.Join(' ', identifiers)}");

        string[] files = Directory.GetFiles(_folder.PathOf("capture"), "*", SearchOption.AllDirectories);
        Assert.Contains(files, f => f.EndsWith("README.md", StringComparison.Ordinal));
        foreach (string file in files)
        {
            // As text, and without the spaces and line ends between bytes in hexadecimal.
            string text = Path.GetFileName(file) + await File.ReadAllTextAsync(file);
            string bytes = Dumps().Replace(text, string.Empty).Replace(" ", string.Empty, StringComparison.Ordinal).ToLowerInvariant();
            foreach (string identifier in identifiers)
            {
                Assert.False(text.Contains(identifier, StringComparison.OrdinalIgnoreCase), $"{identifier} is in {file}");
                foreach (string form in Forms(identifier))
                {
                    Assert.False(bytes.Contains(form, StringComparison.Ordinal), $"{identifier} is as {form} in {file}");
                }
            }
        }

        // It is a machine all the same, of as many parts, and no serial number got lost.
        (await CaptureAsync("again", "--keep-identifiers", "--instances", _folder.PathOf("again.json"), $"--Machine={_folder.PathOf("capture")}")).Succeeded();
        (string Class, string Serial)[] before = [.. Serials("machine.json")], after = [.. Serials("again.json")];
        Assert.Equal(before.Select(s => s.Class), after.Select(s => s.Class));
        Assert.Equal(before.Select(s => s.Serial.Length), after.Select(s => s.Serial.Length));

        // A USB root hub has the address of its controller as a serial number.
        Assert.Empty(before.Select(s => s.Serial).Where(s => s.Length >= 4 && !s.StartsWith("0000:", StringComparison.Ordinal)).Intersect(after.Select(s => s.Serial)));
    }

    [Fact]
    public async Task A_directory_that_is_not_empty_is_left_alone()
    {
        _folder.Write("capture/other", "something");
        ToolRun run = await CaptureAsync("capture", $"--Machine={RackServer.Source}");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("not empty", run.Error, StringComparison.Ordinal);
        Assert.Single(Directory.GetFileSystemEntries(_folder.PathOf("capture")));
    }

    private Task<ToolRun> CaptureAsync(string name, params string[] arguments) => HostProcess.RunAsync(s_nothing, ["hardware", "capture", _folder.PathOf(name), .. arguments]);

    private IEnumerable<(string Class, string Serial)> Serials(string file)
    {
        using JsonDocument instances = JsonDocument.Parse(File.ReadAllText(_folder.PathOf(file)));
        return
        [
            .. instances.RootElement.EnumerateArray()
                .SelectMany(i => i.GetProperty("properties").EnumerateObject()
                    .Where(p => p.Name == "SerialNumber" && p.Value.ValueKind == JsonValueKind.String)
                    .Select(p => (i.GetProperty("class").GetString()!, p.Value.GetString()!)))
                .OrderBy(s => s.Item1, StringComparer.Ordinal).ThenBy(s => s.Item2.Length),
        ];
    }

    private static async Task<SortedDictionary<string, string>> EnumerateAsync(string machine)
    {
        await using HostProcess host = await HostProcess.StartAsync(new HostSettings { Machine = machine, Arguments = ["--Dispatch:DeadlineSeconds=60"] });
        using CimXmlClient client = CimXmlClient.Of(host);

        // The computer is told before the health of its parts is known, and without those that are late: all of them have been looked at after this.
        (await client.EnumerateAsync("root/cimv2", "CIM_ManagedSystemElement")).Succeeded();
        await Eventually.HoldsAsync(
            () => client.EnumerateAsync("root/cimv2", "CimHost_ComputerSystem"), a => a.Document.Descendants("PROPERTY").Any(p => p.Attribute("NAME")?.Value == "HealthState" && p.Value != "0"), "the health of the parts");
        CimXmlAnswer classes = (await client.CallAsync("root/cimv2", "EnumerateClassNames", ("DeepInheritance", CimXmlMessage.Value("FALSE")))).Succeeded();
        var instances = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (string root in classes.Document.Descendants("CLASSNAME").Select(c => c.Attribute("NAME")!.Value))
        {
            CimXmlAnswer answer = (await client.EnumerateAsync("root/cimv2", root)).Succeeded();
            foreach (XElement named in answer.Document.Descendants("VALUE.NAMEDINSTANCE"))
            {
                XElement instance = named.Element("INSTANCE")!;
                if (!s_ofTheHost.Contains(instance.Attribute("CLASSNAME")!.Value))
                {
                    instance.Elements().Where(p => s_times.Contains(p.Attribute("NAME")?.Value)).Remove();
                    instances[named.Element("INSTANCENAME")!.ToString(SaveOptions.DisableFormatting)] = instance.ToString(SaveOptions.DisableFormatting);
                }
            }
        }

        return instances;
    }

    // Read from the machine's own files, by their names, without the product's code.
    private static IEnumerable<string> Identifiers(string machine)
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        foreach (string file in Directory.GetFiles(Path.Combine(machine, "bmc"), "*.json", SearchOption.AllDirectories).Concat(Directory.GetFiles(Path.Combine(machine, "disks"))).Append(Path.Combine(machine, "machine.json")))
        {
            foreach (Match match in Described().Matches(File.ReadAllText(file)))
            {
                found.Add(match.Groups[1].Value.Replace("0x", string.Empty, StringComparison.Ordinal));
            }

            foreach (Match match in Names().Matches(File.ReadAllText(file)))
            {
                found.Add(match.Groups[1].Value);
            }
        }

        foreach (Match match in Firmware().Matches(File.ReadAllText(Path.Combine(machine, "firmware", "dmi.txt"))))
        {
            found.Add(match.Groups[1].Value.Trim());
        }

        // The links in /sys lead in circles.
        var real = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };
        foreach (string file in Directory.GetFiles(Path.Combine(machine, "sys", "devices"), "address", real).Where(f => f.Contains("/ens1f", StringComparison.Ordinal)))
        {
            found.Add(File.ReadAllText(file).Trim());
        }

        return found.Where(i => i.Length >= 6 && i.Any(char.IsAsciiDigit));
    }

    // In bytes: as text, with swapped words, in UTF-16; what is hexadecimal itself as those bytes, in both orders and swapped.
    private static IEnumerable<string> Forms(string identifier)
    {
        byte[] text = Encoding.ASCII.GetBytes(identifier);
        yield return Convert.ToHexStringLower(text);
        yield return Convert.ToHexStringLower(Encoding.Unicode.GetBytes(identifier));
        foreach (byte[] padded in (byte[][])[[.. text, .. text.Length % 2 == 0 ? Array.Empty<byte>() : [0x20]], [0x20, .. text, .. text.Length % 2 == 0 ? [0x20] : Array.Empty<byte>()]])
        {
            yield return Convert.ToHexStringLower(Swap(padded));
        }

        string digits = identifier.Replace(":", string.Empty, StringComparison.Ordinal).Replace("-", string.Empty, StringComparison.Ordinal).ToLowerInvariant();
        if (digits.Length is 12 or 16 or 32 && digits.All(char.IsAsciiHexDigit))
        {
            byte[] bytes = Convert.FromHexString(digits);
            yield return digits;
            yield return Convert.ToHexStringLower([.. bytes.Reverse()]);
            yield return Convert.ToHexStringLower(Swap(bytes));
        }
    }

    private static byte[] Swap(byte[] bytes) => [.. bytes.Chunk(2).SelectMany(p => p.Reverse())];

    [GeneratedRegex("\"(?:serialNumber|serial|wwn|eui64|nguid|mac|guid|assetTag|sasAddress|address|gateway)\"\\s*:\\s*\"([^\"]+)\"")]
    private static partial Regex Described();

    [GeneratedRegex("\"0x(5[0-9a-f]{15})\"")]
    private static partial Regex Names();

    [GeneratedRegex("^\\s+(?:Serial Number|Asset Tag) = \"([^\"]+)\"", RegexOptions.Multiline)]
    private static partial Regex Firmware();

    // The end of a line of bytes and the offset of the next.
    [GeneratedRegex("\\n[0-9a-f]{4,6}: ")]
    private static partial Regex Dumps();
}
