using System.Globalization;
using System.Text;
using CimHost.Sdk.Hardware;

namespace CimHost.VmKernel.Devices.HostCalls;

/// <summary>What this computer tells by system calls, as the files of <see cref="HostCallPaths"/>. Nothing here leaves the caller's thread.</summary>
internal static class HostCallFiles
{
    private const int MostNames = 3;
    private const int LongestInterface = 15;

    /// <summary>True for the folder of these files and all below it.</summary>
    public static bool Owns(string path) =>
        path.StartsWith(HostCallPaths.Root, StringComparison.Ordinal) && (path.Length == HostCallPaths.Root.Length || path[HostCallPaths.Root.Length] == '/');

    /// <summary>True when there is such a folder.</summary>
    public static bool IsDirectory(string path) => path is HostCallPaths.Root or HostCallPaths.FileSystems or HostCallPaths.Modules || (InterfaceOf(path) is not null);

    /// <summary>True when there may be such a file; whether the kernel answers, reading it tells.</summary>
    public static bool IsFile(string path) => MountPointOf(path) is { } mount ? Directory.Exists(mount) : PageOf(path) is not null;

    /// <summary>Makes the content; null when there is no such file. May block as long as the file system or the module does.</summary>
    /// <exception cref="HardwareException">The kernel refused.</exception>
    public static byte[]? Read(string path)
    {
        if (MountPointOf(path) is { } mount)
        {
            return Directory.Exists(mount) ? Room(path, mount) : null;
        }

        return PageOf(path) is { } page ? EthtoolSocket.ReadModule(page) : null;
    }

    private static byte[] Room(string path, string mount)
    {
        try
        {
            var drive = new DriveInfo(mount);
            return Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"size {drive.TotalSize}\nfree {drive.TotalFreeSpace}\navailable {drive.AvailableFreeSpace}\n"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new HardwareException(HardwareFault.Unavailable, $"{path} cannot be read: {e.Message}", e);
        }
    }

    private static string? MountPointOf(string path)
    {
        const string Prefix = HostCallPaths.FileSystems + "/";
        string? mount = path.StartsWith(Prefix, StringComparison.Ordinal) && path.IndexOf('/', Prefix.Length) < 0 ? Uri.UnescapeDataString(path[Prefix.Length..]) : null;
        return mount is ['/', ..] && !mount.Contains('\0', StringComparison.Ordinal) ? mount : null;
    }

    private static string? InterfaceOf(string path)
    {
        const string Prefix = HostCallPaths.Modules + "/";
        string? name = path.StartsWith(Prefix, StringComparison.Ordinal) && path.IndexOf('/', Prefix.Length) < 0 ? Uri.UnescapeDataString(path[Prefix.Length..]) : null;
        return name is { Length: > 0 and <= LongestInterface } && !name.Contains('\0', StringComparison.Ordinal) ? name : null;
    }

    private static ModulePage? PageOf(string path)
    {
        int slash = path.LastIndexOf('/');
        if (slash < 0 || InterfaceOf(path[..slash]) is not { } name || path[(slash + 1)..].Split('.', MostNames) is not [{ Length: 2 } address, { } page])
        {
            return null;
        }

        return !byte.TryParse(address, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte at) ? null
            : page == "lower" ? new ModulePage(name, at, null)
            : page.Length == 2 && byte.TryParse(page, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte number) ? new ModulePage(name, at, number)
            : null;
    }
}
