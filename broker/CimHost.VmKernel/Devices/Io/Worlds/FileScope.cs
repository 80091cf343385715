using CimHost.Sdk.Hardware;

namespace CimHost.VmKernel.Devices.Io.Worlds;

/// <summary>
/// The part of the kernel's files that a world sees. A path is seen when it lies below a declared one, as it is written and also with all
/// its links resolved. One exception: below a declared path of /sys, links may lead to /sys/devices, as every class and bus is a folder of
/// such links. A path with ".." is not seen: what it means depends on links. What is read is the resolved path, so that a link that is
/// changed in between leads nowhere.
/// </summary>
internal sealed class FileScope(IReadOnlyList<string> folders)
{
    private const string SysDevices = "/sys/devices";

    private readonly string[] _folders = [.. folders];

    /// <summary>True when nothing is seen.</summary>
    public bool IsEmpty => _folders.Length == 0;

    private bool IsAll { get; } = folders.Contains("/");

    /// <summary>The path without doubled slashes, "." and a slash at its end; null when it is not absolute or has "..".</summary>
    public static string? Normalize(string path)
    {
        if (path.Length == 0 || path[0] != '/')
        {
            return null;
        }

        string[] names = [.. path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(name => name != ".")];
        return names.Contains("..") ? null : "/" + string.Join('/', names);
    }

    /// <summary>The path to ask the tree for; null when the world does not see it, or it is not there.</summary>
    public string? Locate(IFileTree tree, string path)
    {
        if (IsAll)
        {
            return path;
        }

        if (Normalize(path) is not { } seen || FolderOf(seen) is null || tree.Resolve(seen) is not { } place)
        {
            return null;
        }

        return FolderOf(place) is not null || (IsBelow(place, SysDevices) && Array.Exists(_folders, folder => IsBelow(folder, "/sys") && IsBelow(seen, folder)))
            ? place
            : null;
    }

    private static bool IsBelow(string path, string folder) =>
        path.StartsWith(folder, StringComparison.Ordinal) && (path.Length == folder.Length || path[folder.Length] == '/');

    private string? FolderOf(string path) => Array.Find(_folders, folder => IsBelow(path, folder));
}
