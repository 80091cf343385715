using System.Globalization;
using System.Text.Json;
using CimHost.Sdk.Hardware;
using CimHost.Sdk.Testing;

namespace CimHost.Providers.Power.Tests;

/// <summary>Reads tests/fixtures/hid/CASE/device.json, which has the form of an emulated machine's hid/*.json (see the README there).</summary>
internal static class HidFixture
{
    private static readonly JsonDocumentOptions s_options = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Root of the repository.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>Folder of the cases.</summary>
    public static string Folder { get; } = Path.Combine(Repository, "tests", "fixtures", "hid");

    /// <summary>Names of all cases.</summary>
    public static IEnumerable<string> Cases => Directory.EnumerateDirectories(Folder).Select(d => Path.GetFileName(d)!).Order(StringComparer.Ordinal);

    /// <summary>Whether a case was captured, and has values that something else than this package told.</summary>
    public static bool IsCaptured(string name) => File.Exists(ValuesOf(name));

    /// <summary>The file with these values.</summary>
    public static string ValuesOf(string name) => Path.Combine(Folder, name, "values.json");

    /// <summary>The folder that holds the output folder of a project, built in the same configuration as these tests.</summary>
    public static string OutputOf(string project) => Path.Combine(Repository, project, "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name);

    /// <summary>The device of a case.</summary>
    public static ScriptedHidPort Load(string name) => Read(Path.Combine(Folder, name, "device.json"));

    /// <summary>The device that a file describes.</summary>
    public static ScriptedHidPort Read(string path)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path), s_options);
        JsonElement device = document.RootElement;
        int bus = device.GetProperty("bus").GetString() switch
        {
            "usb" => 3,
            "bluetooth" => 5,
            _ => 6,
        };
        var identity = new HidIdentity(bus, Hex(device, "vendor"), Hex(device, "product"), Text(device, "manufacturer"), Text(device, "productName"), Text(device, "serialNumber"));
        byte[] descriptor = [.. device.GetProperty("reportDescriptor").EnumerateArray().SelectMany(l => Bytes(l.GetString()!))];
        var port = new ScriptedHidPort(Text(device, "port"), identity, descriptor);
        foreach (JsonElement report in device.GetProperty("reports").EnumerateArray())
        {
            byte[] data = Bytes(report.GetProperty("data").GetString()!);
            if (report.GetProperty("type").GetString() == "feature")
            {
                port.Set(HidReportType.Feature, data);
            }
            else
            {
                port.Send(DateTimeOffset.UnixEpoch, data);
            }
        }

        return port;
    }

    private static int Hex(JsonElement device, string name) => int.Parse(Text(device, name).AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static string Text(JsonElement device, string name) => device.TryGetProperty(name, out JsonElement value) ? value.GetString()! : string.Empty;

    private static byte[] Bytes(string text) => Convert.FromHexString(text.Replace(" ", string.Empty, StringComparison.Ordinal));

    private static string FindRepository()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "CimHost.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} has CimHost.sln.");
    }
}
