using CimHost.Sdk.Hardware;
using CimHost.Sdk.Testing;

namespace CimHost.Providers.Sensors.Tests;

/// <summary>Reads tests/fixtures/sysfs/CASE/tree.txt (see the README there).</summary>
internal static class SysfsFixture
{
    /// <summary>Root of the repository.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>Folder of the cases.</summary>
    public static string Folder { get; } = Path.Combine(Repository, "tests", "fixtures", "sysfs");

    /// <summary>Names of all cases.</summary>
    public static IEnumerable<string> Cases => Directory.EnumerateDirectories(Folder).Select(d => Path.GetFileName(d)!).Order(StringComparer.Ordinal);

    /// <summary>The folder that holds the output folder of a project, built in the same configuration as these tests.</summary>
    public static string OutputOf(string project) => Path.Combine(Repository, project, "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name);

    /// <summary>Fills a tree with a case.</summary>
    public static void Load(FakeFileTree files, string name)
    {
        string path = Path.Combine(Folder, name, "tree.txt");
        string folder = "/sys";
        int number = 0;
        foreach (string line in File.ReadLines(path).Select(l => l.TrimEnd()))
        {
            number++;
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
                    files.Add(file, rest.Length == 0 ? string.Empty : rest + "\n");
                    break;
                case "->":
                    files.AddLink(file, rest);
                    break;
                case "!":
                    string[] fault = rest.Split(' ', 2);
                    files.AddUnreadable(file, Enum.Parse<HardwareFault>(fault[0]), fault[1]);
                    break;
                default:
                    throw new InvalidDataException($"{path}:{number}: neither 'name = text' nor 'name -> target' nor 'name ! Fault reason': {line}");
            }
        }
    }

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
