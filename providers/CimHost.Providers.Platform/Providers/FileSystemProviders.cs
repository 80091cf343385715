using System.Composition;
using System.Runtime.CompilerServices;
using CimHost.Providers.Platform.Files;
using CimHost.Providers.Platform.Kernel;
using CimHost.Providers.Platform.Wire.Kernel;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Platform.Providers;

/// <summary>CimHost_LocalFileSystem: one instance per mounted file system of this computer.</summary>
[CimProvider(ClassNames.LocalFileSystem)]
[method: ImportingConstructor]
internal sealed class LocalFileSystemProvider(IProviderHost host, FileSystems fileSystems) : ICimProvider
{
    private const int LongestName = 256;

    /// <summary>Path of the instance of a mount.</summary>
    public static CimObjectPath Path(IProviderHost host, string namespaceName, Mount mount) => new(
        ClassNames.LocalFileSystem,
        [
            new CimKeyBinding("CSCreationClassName", ClassNames.ComputerSystem),
            new CimKeyBinding("CSName", host.SystemName),
            new CimKeyBinding("CreationClassName", ClassNames.LocalFileSystem),
            new CimKeyBinding("Name", mount.MountPoint),
        ],
        namespaceName);

    /// <summary>Whether a mount is told: its place fits into a key.</summary>
    public static bool IsTold(Mount mount) => mount.MountPoint.Length <= LongestName;

    /// <inheritdoc/>
    public async IAsyncEnumerable<CimInstance> EnumerateAsync(CimProviderRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        foreach (Mount mount in (await fileSystems.ReadAsync(cancellationToken)).Where(IsTold))
        {
            CimInstance instance = request.NewInstance();
            instance["CSCreationClassName"] = ClassNames.ComputerSystem;
            instance["CSName"] = host.SystemName;
            instance["CreationClassName"] = ClassNames.LocalFileSystem;
            instance["Name"] = mount.MountPoint;
            instance["ElementName"] = mount.MountPoint;
            instance["Root"] = mount.MountPoint;
            instance["Device"] = mount.Device;
            instance["FileSystemType"] = mount.Type;
            instance["ReadOnly"] = mount.IsReadOnly;
            instance["PersistenceType"] = (ushort)2;
            instance["EnabledState"] = (ushort)2;
            if (request.Wants("FileSystemSize", "AvailableSpace") && await fileSystems.RoomAsync(mount, cancellationToken) is { } room)
            {
                instance["FileSystemSize"] = room.Size;
                instance["AvailableSpace"] = room.Available;
            }

            Health.Unknown.Set(instance);
            yield return instance;
        }
    }
}

/// <summary>CimHost_BlockDevice: one instance per block device.</summary>
[CimProvider(ClassNames.BlockDevice)]
[method: ImportingConstructor]
internal sealed class BlockDeviceProvider(IProviderHost host, BlockDevices devices, PlatformFiles files) : ICimProvider
{
    private const ulong SectorLength = 512;

    /// <inheritdoc/>
    public async IAsyncEnumerable<CimInstance> EnumerateAsync(CimProviderRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        foreach (BlockDevice device in await devices.ReadAsync(cancellationToken))
        {
            CimInstance instance = PlatformPaths.NewDevice(host, request, device.Id, device.Name);
            instance["KernelName"] = device.Name;
            instance["Kind"] = device.Kind;
            instance["BusAddress"] = device.BusAddress;
            instance["UniqueName"] = device.UniqueName;
            await SetSizeAsync(instance, device, cancellationToken);
            await SetStateAsync(instance, device, cancellationToken);
            yield return instance;
        }
    }

    private async ValueTask SetSizeAsync(CimInstance instance, BlockDevice device, CancellationToken cancellationToken)
    {
        // The size of sysfs is in sectors of 512 bytes, whatever the device's own blocks are.
        ulong bytes = (ulong)(await files.NumberAsync(device.Path + "/size", cancellationToken) ?? 0) * SectorLength;
        string path = files.Tree.Resolve(device.Path) ?? device.Path;
        string queue = (device.Kind == "partition" ? path[..Math.Max(0, path.LastIndexOf('/'))] : path) + "/queue/";
        ulong block = await files.NumberAsync(queue + "logical_block_size", cancellationToken) is > 0 and var size ? (ulong)size : SectorLength;
        instance["SizeBytes"] = bytes;
        instance["BlockSize"] = block;
        instance["NumberOfBlocks"] = bytes / block;
        instance["Rotational"] = Flag(await files.NumberAsync(queue + "rotational", cancellationToken));
    }

    private async ValueTask SetStateAsync(CimInstance instance, BlockDevice device, CancellationToken cancellationToken)
    {
        bool? readOnly = Flag(await files.NumberAsync(device.Path + "/ro", cancellationToken));
        long? degraded = device.Kind == "md" ? await files.NumberAsync(device.Path + "/md/degraded", cancellationToken) : null;
        string[] parts = [.. files.Tree.List(device.Path + "/slaves")];
        instance["ReadOnly"] = readOnly;
        instance["Removable"] = Flag(await files.NumberAsync(device.Path + "/removable", cancellationToken));
        instance["Access"] = (ushort)(readOnly == true ? 1 : 3);
        instance["Parts"] = parts.Length == 0 ? null : parts;
        instance["DegradedMembers"] = degraded is >= 0 ? (uint)degraded : CimValue.Null;
        Health health = degraded > 0 ? Health.Degraded("The array is short of members")
            : degraded == 0 ? Health.Ok
            : Health.Unknown;
        health.Set(instance);
    }

    private static bool? Flag(long? value) => value is null ? null : value != 0;
}
