using CimHost.Sdk.Hardware;

namespace CimHost.VmKernel.Devices.Io.Worlds;

/// <summary>
/// The part of the kernel's files that a world sees. A path is seen when it lies below a declared one, as it is written and also with all
/// its links resolved. One exception: below a declared path of /sys, links may lead to /sys/devices, as every class and bus is a folder of
/// such links. A path with ".." is not seen: what it means depends on links. The tree is asked for the path as it was written (injected
/// faults and messages name it); a link that changes between the check and the read is followed, but in /sys the kernel alone changes them.
/// </summary>
internal sealed class FileScope(IReadOnlyList<string> folders)
{
    private const string Sys = "/sys";
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

    /// <summary>True when the world sees the path; not asked whether it is there when everything is seen.</summary>
    public bool Sees(IFileTree tree, string path) => IsAll || Resolve(tree, path) is not null;

    /// <summary>The path with all links resolved; null when the world does not see it, or it is not there.</summary>
    public string? Resolve(IFileTree tree, string path)
    {
        if (IsAll)
        {
            return tree.Resolve(path);
        }

        if (Normalize(path) is not { } written || !IsDeclared(written) || tree.Resolve(written) is not { } place)
        {
            return null;
        }

        return IsDeclared(place) || (IsBelow(place, SysDevices) && Array.Exists(_folders, folder => IsBelow(folder, Sys) && IsBelow(written, folder)))
            ? place
            : null;
    }

    private static bool IsBelow(string path, string folder) =>
        path.StartsWith(folder, StringComparison.Ordinal) && (path.Length == folder.Length || path[folder.Length] == '/');

    private bool IsDeclared(string path) => Array.Exists(_folders, folder => IsBelow(path, folder));
}
