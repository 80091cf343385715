using CimHost.VmKernel.Boot.Archives;
using CimHost.VmKernel.FileSystem.Memory;
using CimHost.VmKernel.Users.Files;
using Microsoft.Extensions.Logging;

namespace CimHost.VmKernel.FileSystem.Layout;

/// <summary>
/// Lays the modules of an image over the tree of a host that boots: later ones over earlier ones. They fill the ramdisks; /dev, /proc and
/// /vmfs are the kernel's, links of the layout stay, and the account files are never an image's.
/// </summary>
/// <param name="layout">The tree, before the saved configuration is put into /etc.</param>
/// <param name="logger">Log.</param>
public sealed partial class ImageModules(HostLayout layout, ILogger logger)
{
    private static readonly string[] s_kernels = ["/dev", "/proc", "/vmfs"];

    /// <summary>Unpacks modules.</summary>
    /// <param name="files">The archives on this computer, in their order.</param>
    /// <param name="cancellationToken">Ends it; the layout is of no use then.</param>
    /// <exception cref="InvalidDataException">A module is damaged, does not fit or holds what has no place; the message names both. The layout is of no use then.</exception>
    public async Task UnpackAsync(IEnumerable<string> files, CancellationToken cancellationToken)
    {
        foreach (string file in files)
        {
            int count = 0;
            string? at = null;
            try
            {
                foreach (ArchiveEntry entry in new ModuleArchive(file).Entries())
                {
                    at = entry.Path;
                    await PlaceAsync(entry, file, cancellationToken);
                    count++;
                }
            }
            catch (Exception e) when (e is KernelException or IOException or UnauthorizedAccessException or InvalidDataException)
            {
                throw new InvalidDataException($"{file} cannot be unpacked{(at is null ? string.Empty : $" after {at}")}: {e.Message}", e);
            }

            LogUnpacked(Path.GetFileName(file), count);
        }
    }

    private async Task PlaceAsync(ArchiveEntry entry, string file, CancellationToken cancellationToken)
    {
        string path = "/" + entry.Path;
        if (s_kernels.Any(k => IsAtOrBelow(path, k)) || HostLayout.IsLink(path))
        {
            // A tar file of a whole tree names these directories too, which changes nothing.
            if (entry.Type == ArchiveEntryType.Directory && s_kernels.Contains(path, StringComparer.Ordinal))
            {
                return;
            }

            throw new KernelException(Errno.EPERM, $"{path} is the kernel's own");
        }

        (MemoryFileSystem ramdisk, string mount) = layout.RamdiskOf(path);
        string inside = mount == "/" ? entry.Path : path == mount ? string.Empty : path[(mount.Length + 1)..];
        if (inside.Length == 0)
        {
            // The mount point: the ramdisk has its own mode.
            return;
        }

        if (mount == "/etc" && IAccountFiles.Names.Contains(inside, StringComparer.Ordinal))
        {
            LogNoAccounts(Path.GetFileName(file), path);
            return;
        }

        await ramdisk.ImportAsync([ArchivedFiles.ToFile(entry, inside)], cancellationToken);
    }

    private static bool IsAtOrBelow(string path, string directory) =>
        path.StartsWith(directory, StringComparison.Ordinal) && (path.Length == directory.Length || path[directory.Length] == '/');

    [LoggerMessage(4541, LogLevel.Information, "Module {Module} is unpacked: {Count} files, directories and links.")]
    private partial void LogUnpacked(string module, int count);

    [LoggerMessage(4542, LogLevel.Warning, "Module {Module} holds {Path}; the users of a host are its own, and the file is left out.")]
    private partial void LogNoAccounts(string module, string path);
}
