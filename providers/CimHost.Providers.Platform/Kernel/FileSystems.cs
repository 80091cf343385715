using System.Composition;
using CimHost.Providers.Platform.Files;
using CimHost.Providers.Platform.Wire.Kernel;
using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Platform.Kernel;

/// <summary>File systems that are mounted from devices of this computer (/proc/mounts).</summary>
[Export]
[Shared]
[method: ImportingConstructor]
internal sealed class FileSystems(PlatformFiles files)
{
    private const string Devices = "/dev/";

    // These name a pool and not a device.
    private static readonly string[] s_pooled = ["zfs", "bcachefs"];

    /// <summary>The mounts; /proc/self/mounts is what /proc/mounts leads to, and an emulated machine has only the latter.</summary>
    public async ValueTask<IReadOnlyList<Mount>> ReadAsync(CancellationToken cancellationToken) =>
        await files.ReadAsync("/proc/mounts", cancellationToken) is { } content
            ? [.. MountTable.Read(content).Where(m => m.Device.StartsWith(Devices, StringComparison.Ordinal) || s_pooled.Contains(m.Type))]
            : [];

    /// <summary>Size of a file system and what is free in it; null when the kernel does not tell it.</summary>
    public async ValueTask<FileSystemRoom?> RoomAsync(Mount mount, CancellationToken cancellationToken) =>
        await files.ReadAsync(HostCallPaths.FileSystem(mount.MountPoint), cancellationToken) is { } content && FileSystemRoom.TryRead(content, out FileSystemRoom? room) ? room : null;

    /// <summary>Name of the kernel of the block device that is mounted; null when it cannot be told without looking into /dev.</summary>
    public string? BlockDeviceOf(Mount mount)
    {
        if (!mount.Device.StartsWith(Devices, StringComparison.Ordinal))
        {
            return null;
        }

        // /sys writes the slashes of /dev/cciss/c0d0 as exclamation marks. Links such as /dev/mapper/x are not in /sys.
        string name = mount.Device[Devices.Length..].Replace('/', '!');
        return files.Tree.DirectoryExists($"{BlockDevices.Folder}/{name}") ? name : null;
    }
}
