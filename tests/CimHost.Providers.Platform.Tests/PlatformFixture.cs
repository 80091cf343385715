using System.Globalization;
using CimHost.Providers.Platform.Tests.Dmi;
using CimHost.Sdk.Hardware;
using CimHost.Sdk.Testing;
using CimHost.TestBed;

namespace CimHost.Providers.Platform.Tests;

/// <summary>Reads a case of tests/fixtures/{dmi,kernel,pci,usb} (see the READMEs there).</summary>
internal static class PlatformFixture
{
    private static readonly string[] s_kinds = ["dmi", "kernel", "pci", "usb"];

    /// <summary>All cases: "usb/keyboard".</summary>
    public static IEnumerable<string> Cases => s_kinds
        .SelectMany(kind => Directory.EnumerateDirectories(RepositoryRoot.PathOf("tests/fixtures/" + kind)).Select(d => $"{kind}/{Path.GetFileName(d)}"))
        .Order(StringComparer.Ordinal);

    /// <summary>The package over a case.</summary>
    public static PlatformPackage Load(string name)
    {
        string folder = RepositoryRoot.PathOf("tests/fixtures/" + name);
        var host = new FakeProviderHost { SystemName = "testmachine" };
        (host.Cim, _) = ScriptedOperations.Make();
        string description = Path.Combine(folder, "dmi.txt");
        if (File.Exists(description))
        {
            DmiDescription dmi = DmiDescription.Parse(description);
            host.Hardware.Files.Add("/sys/firmware/dmi/tables/smbios_entry_point", dmi.EntryPoint());
            host.Hardware.Files.Add("/sys/firmware/dmi/tables/DMI", dmi.Table);
        }

        string files = Path.Combine(folder, "files");
        if (Directory.Exists(files))
        {
            host.Hardware.Files.AddFolder("/", files);
        }

        if (File.Exists(Path.Combine(folder, "tree.txt")))
        {
            LoadTree(host.Hardware.Files, Path.Combine(folder, "tree.txt"));
        }

        return new PlatformPackage(host);
    }

    private static void LoadTree(FakeFileTree files, string path)
    {
        string folder = "/sys";
        foreach (string line in File.ReadLines(path).Select(l => l.TrimEnd()))
        {
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            if (line[0] == '[')
            {
                folder = line.Trim('[', ']');
                files.AddDirectory(folder);
                continue;
            }

            string[] parts = line.Split(' ', 3);
            string file = $"{folder}/{parts[0]}";
            string rest = parts.Length == 3 ? parts[2] : string.Empty;
            switch (parts.ElementAtOrDefault(1))
            {
                case "=":
                    files.Add(file, rest.Length == 0 ? string.Empty : rest.Replace("\\n", "\n", StringComparison.Ordinal) + "\n");
                    break;
                case ":":
                    files.Add(file, Convert.FromHexString(rest.Replace(" ", string.Empty, StringComparison.Ordinal)));
                    break;
                case "->":
                    files.AddLink(file, rest);
                    break;
                case "!":
                    string[] fault = rest.Split(' ', 2);
                    files.AddUnreadable(file, Enum.Parse<HardwareFault>(fault[0]), fault[1]);
                    break;
                default:
                    throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"{path}: neither '=' nor ':' nor '->' nor '!': {line}"));
            }
        }
    }
}
