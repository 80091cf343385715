using System.Composition;
using System.Globalization;
using CimHost.Providers.Platform.Files;

namespace CimHost.Providers.Platform.Kernel;

/// <summary>A block device of the kernel.</summary>
/// <param name="Name">Name of the kernel.</param>
/// <param name="Id">Name that stays the same over restarts where the device has one.</param>
/// <param name="Kind">disk, partition, device-mapper, md, loop or other.</param>
/// <param name="BusAddress">Where the disk sits; null for virtual devices.</param>
/// <param name="UniqueName">WWN or UUID; null when it has none.</param>
internal sealed record BlockDevice(string Name, string Id, string Kind, string? BusAddress, string? UniqueName)
{
    /// <summary>Folder of the device.</summary>
    public string Path => BlockDevices.Folder + "/" + Name;
}

/// <summary>Devices in /sys/class/block (Documentation/ABI/stable/sysfs-block).</summary>
[Export]
[Shared]
[method: ImportingConstructor]
internal sealed class BlockDevices(PlatformFiles files)
{
    /// <summary>Folder of the devices.</summary>
    public const string Folder = "/sys/class/block";

    private const int LongestId = 64;

    /// <summary>All devices with a size; empty loop and RAM devices are left out.</summary>
    public async ValueTask<IReadOnlyList<BlockDevice>> ReadAsync(CancellationToken cancellationToken)
    {
        var devices = new List<BlockDevice>();
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (string name in files.Tree.List(Folder))
        {
            if (await files.NumberAsync($"{Folder}/{name}/size", cancellationToken) is > 0)
            {
                BlockDevice device = await ReadDeviceAsync(name, cancellationToken);
                devices.Add(ids.Add(device.Id) ? device : device with { Id = Unused(ids, device.Id) });
            }
        }

        return devices;
    }

    private async ValueTask<BlockDevice> ReadDeviceAsync(string name, CancellationToken cancellationToken)
    {
        string path = $"{Folder}/{name}";
        long? partition = await files.NumberAsync(path + "/partition", cancellationToken);
        string disk = partition is null ? path : Parent(files.Tree.Resolve(path) ?? path);
        string? location = DeviceLocation.Of(files.Tree, disk + "/device") ?? DeviceLocation.Of(files.Tree, disk);
        string kind = partition is not null ? "partition"
            : files.Tree.DirectoryExists(path + "/dm") ? "device-mapper"
            : files.Tree.DirectoryExists(path + "/md") ? "md"
            : files.Tree.DirectoryExists(path + "/loop") || name.StartsWith("loop", StringComparison.Ordinal) ? "loop"
            : location is not null ? "disk"
            : "other";
        string? unique = await UniqueNameAsync(disk, cancellationToken);
        string suffix = partition is { } number ? string.Create(CultureInfo.InvariantCulture, $"-part{number}") : string.Empty;
        string stable = unique is not null && unique.Length + suffix.Length <= LongestId ? unique
            : location is not null && location.Length + suffix.Length <= LongestId ? location
            : string.Empty;
        return new BlockDevice(name, stable.Length == 0 ? name : stable + suffix, kind, location, unique);
    }

    private async ValueTask<string?> UniqueNameAsync(string disk, CancellationToken cancellationToken)
    {
        foreach (string attribute in (string[])["/wwid", "/device/wwid", "/dm/uuid", "/md/uuid"])
        {
            if (await files.TextAsync(disk + attribute, cancellationToken) is { } name)
            {
                // SCSI identifications are padded with spaces inside.
                return string.Join(' ', name.Split(' ', StringSplitOptions.RemoveEmptyEntries));
            }
        }

        return null;
    }

    private static string Unused(HashSet<string> ids, string id)
    {
        int n = 2;
        while (!ids.Add($"{id}#{n}"))
        {
            n++;
        }

        return $"{id}#{n}";
    }

    private static string Parent(string path) => path[..Math.Max(0, path.LastIndexOf('/'))];
}
