namespace CimHost.VmKernel.Devices.Emulation.Description;

/// <summary>
/// The JSON files below a machine's directory, read whole and bounded. <see cref="Stamp"/> tells whether one of them changed since.
/// </summary>
internal sealed class MachineDirectory(string root)
{
    private const int LargestFile = 1024 * 1024;
    private const int MostFruFiles = 64;
    private const int MostDisks = 256;
    private const int MostHidDevices = 64;
    private static readonly string[] s_fixed = ["machine.json", "faults.json", "bmc/device.json", "bmc/chassis.json", "bmc/sensors.json", "bmc/entities.json", "bmc/satellites.json", "bmc/sel.json"];

    /// <summary>Time of last change and length of each file that is there, by path below the root.</summary>
    public Dictionary<string, (DateTime Changed, long Length)> Stamp()
    {
        var stamp = new Dictionary<string, (DateTime, long)>(StringComparer.Ordinal);
        foreach (string file in s_fixed.Concat(Folder("bmc/fru", MostFruFiles)).Concat(Folder("disks", MostDisks)).Concat(Folder("hid", MostHidDevices)))
        {
            var info = new FileInfo(Path.Combine(root, file));
            if (info.Exists)
            {
                stamp[file] = (info.LastWriteTimeUtc, info.Length);
            }
        }

        return stamp;
    }

    /// <summary>Reads every file.</summary>
    /// <exception cref="MachineFileException">One cannot be read or is too large.</exception>
    public Dictionary<string, byte[]> ReadAll()
    {
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (string file in s_fixed.Concat(Folder("bmc/fru", MostFruFiles)).Concat(Folder("disks", MostDisks)).Concat(Folder("hid", MostHidDevices)))
        {
            if (Read(file) is { } bytes)
            {
                files[file] = bytes;
            }
        }

        return files;
    }

    private List<string> Folder(string name, int most)
    {
        string folder = Path.Combine(root, name);
        if (!Directory.Exists(folder))
        {
            return [];
        }

        var files = Directory.EnumerateFiles(folder, "*.json").Take(most + 1).Select(f => $"{name}/{Path.GetFileName(f)}").Order(StringComparer.Ordinal).ToList();
        return files.Count <= most ? files : throw new MachineFileException($"{name}: more than {most} files found; expected at most {most}.");
    }

    private byte[]? Read(string file)
    {
        string path = Path.Combine(root, file);
        try
        {
            var info = new FileInfo(path);
            if (!info.Exists)
            {
                return null;
            }

            return info.Length <= LargestFile ? File.ReadAllBytes(path) : throw new MachineFileException($"{file}: the file has {info.Length} bytes; expected at most {LargestFile}.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MachineFileException($"{file}: the file cannot be read: {e.Message}", e);
        }
    }
}
