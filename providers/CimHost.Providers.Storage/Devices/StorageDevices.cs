using System.Composition;
using CimHost.Sdk.Hardware;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Storage.Devices;

/// <summary>The storage devices that are there now. A port that stays keeps its device, and with it the last values.</summary>
[Export]
[Shared]
internal sealed class StorageDevices
{
    private readonly IProviderHost _host;
    private readonly Dictionary<DiskKind, IDiskReader> _readers;
    private readonly Lock _lock = new();
    private Dictionary<IDiskPort, StorageDevice> _devices = new(ReferenceEqualityComparer.Instance);

    /// <summary>Reads the package's configuration.</summary>
    [ImportingConstructor]
    public StorageDevices(IProviderHost host, AtaReader ata)
    {
        _host = host;
        Options = StorageOptions.Read(host.Configuration);
        _readers = new Dictionary<DiskKind, IDiskReader>
        {
            [DiskKind.Ata] = ata,
            [DiskKind.Nvme] = new NvmeReader(),
            [DiskKind.Scsi] = new ScsiReader(),
            [DiskKind.Enclosure] = new EnclosureReader(),
        };
    }

    /// <summary>The configuration.</summary>
    public StorageOptions Options { get; }

    /// <summary>The devices, ordered as the host lists them.</summary>
    public IReadOnlyList<StorageDevice> All()
    {
        IReadOnlyList<IDiskPort> ports = _host.Hardware.Disks;
        lock (_lock)
        {
            var devices = new Dictionary<IDiskPort, StorageDevice>(ReferenceEqualityComparer.Instance);
            foreach (IDiskPort port in ports)
            {
                devices[port] = _devices.GetValueOrDefault(port) ?? new StorageDevice(port, Options, _host.Time, kind => _readers[kind]);
            }

            _devices = devices;
            return [.. ports.Distinct().Select(port => devices[port])];
        }
    }

    /// <summary>The device of that id; null when there is none among those that answer.</summary>
    public async ValueTask<StorageDevice?> FindAsync(string deviceId, CancellationToken cancellationToken)
    {
        Dictionary<Task<DiskIdentity>, StorageDevice> asked = All().ToDictionary(d => d.IdentifyAsync(cancellationToken));
        await foreach (Task<DiskIdentity> answered in Task.WhenEach(asked.Keys).WithCancellation(cancellationToken))
        {
            if (answered.IsCompletedSuccessfully && string.Equals((await answered).DeviceId, deviceId, StringComparison.Ordinal))
            {
                return asked[answered];
            }
        }

        return null;
    }
}
