namespace CimHost.VmKernel.Devices.Io.Worlds;

/// <summary>
/// The devices that a package declares, and so its world gets. A pattern is KIND:NAME with a kind of <see cref="DeviceKind"/> in lower case
/// and a name in which * stands for any characters ("ipmi:*", "disk:nvme*"); for files, an absolute path without *, with everything below
/// it ("files:/sys/class/hwmon"; see <see cref="FileScope"/>), or * for all; "*" alone is all devices.
/// </summary>
public sealed class DeviceDeclaration
{
    /// <summary>Most patterns.</summary>
    public const int MaxPatterns = 64;

    /// <summary>Longest pattern in characters.</summary>
    public const int MaxLength = 256;

    private readonly (DeviceKind Kind, string Name)[] _names;

    private DeviceDeclaration((DeviceKind Kind, string Name)[] names, FileScope files) => (_names, Files) = (names, files);

    /// <summary>No device.</summary>
    public static DeviceDeclaration None { get; } = Parse([]);

    /// <summary>All devices.</summary>
    public static DeviceDeclaration All { get; } = Parse(["*"]);

    /// <summary>The files that are declared.</summary>
    internal FileScope Files { get; }

    /// <summary>Reads the patterns of a package; none or null declares no device.</summary>
    /// <exception cref="FormatException">A pattern is wrong, or there are too many; the message says which and why.</exception>
    public static DeviceDeclaration Parse(IReadOnlyList<string>? patterns)
    {
        if (patterns?.Count > MaxPatterns)
        {
            throw new FormatException($"{patterns.Count} devices are declared; at most {MaxPatterns} patterns are taken.");
        }

        var names = new List<(DeviceKind Kind, string Name)>();
        var folders = new List<string>();
        foreach (string? pattern in patterns ?? [])
        {
            Read(pattern, names, folders);
        }

        return new DeviceDeclaration([.. names], new FileScope(folders));
    }

    /// <summary>True when the device is declared; for files, when any are.</summary>
    public bool Allows(DeviceId device) => device.Kind == DeviceKind.Files
        ? !Files.IsEmpty
        : Array.Exists(_names, declared => declared.Kind == device.Kind && Matches(declared.Name, device.Name));

    private static void Read(string? pattern, List<(DeviceKind Kind, string Name)> names, List<string> folders)
    {
        if (pattern is null || pattern.Length > MaxLength)
        {
            throw new FormatException($"A device pattern is missing or longer than {MaxLength} characters.");
        }

        if (pattern == "*")
        {
            names.AddRange(Enum.GetValues<DeviceKind>().Select(kind => (kind, "*")));
            folders.Add("/");
            return;
        }

        string[] parts = pattern.Split(':', 2);
        int kind = Array.FindIndex(Enum.GetValues<DeviceKind>(), k => DeviceId.KindName(k) == parts[0]);
        if (kind < 0 || parts.Length < 2 || parts[1].Length == 0)
        {
            string kinds = string.Join(", ", Enum.GetValues<DeviceKind>().Select(DeviceId.KindName));
            throw new FormatException($"'{pattern}' is no device pattern: expected * or KIND:NAME, as in ipmi:*; kinds are {kinds}.");
        }

        if (Enum.GetValues<DeviceKind>()[kind] is not DeviceKind.Files and var named)
        {
            names.Add((named, parts[1]));
            return;
        }

        string folder = parts[1] == "*" ? "/" : parts[1];
        folders.Add(FileScope.Normalize(folder) is { } path && !folder.Contains('*', StringComparison.Ordinal)
            ? path
            : throw new FormatException($"'{pattern}' is no device pattern: files are declared by an absolute path without * and .., as in files:/sys/class/hwmon."));
    }

    // Each * is tried from its shortest match on; only the last one is ever taken up again, so that this is linear but for a factor.
    private static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        (int p, int n, int star, int from) = (0, 0, -1, 0);
        while (n < name.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                (star, from) = (p++, n);
            }
            else if (p < pattern.Length && pattern[p] == name[n])
            {
                (p, n) = (p + 1, n + 1);
            }
            else if (star >= 0)
            {
                (p, n) = (star + 1, ++from);
            }
            else
            {
                return false;
            }
        }

        return pattern[p..].TrimStart('*').IsEmpty;
    }
}
