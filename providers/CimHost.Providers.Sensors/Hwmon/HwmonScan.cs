using System.Composition;
using CimHost.Providers.Sensors.Files;
using CimHost.Providers.Sensors.Wire;
using CimHost.Sdk.Hardware;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Sensors.Hwmon;

/// <summary>Finds the chips of the hwmon class and their channels. Reads names only, no value.</summary>
[Export]
[Shared]
[method: ImportingConstructor]
internal sealed class HwmonScan(IProviderHost host, AttributeReader reader)
{
    private const string ClassFolder = "/sys/class/hwmon";
    private const int MaxDevices = 256;
    private const int MaxChannels = 512;

    internal AttributeReader Reader => reader;

    /// <summary>The chips in the order of their stable names.</summary>
    internal async ValueTask<IReadOnlyList<HwmonDevice>> DevicesAsync(CancellationToken cancellationToken)
    {
        IFileTree files = reader.Files;
        IReadOnlyList<string> entries = files.List(ClassFolder);
        if (entries.Count > MaxDevices)
        {
            host.Log.Warning($"{ClassFolder} has {entries.Count} entries; the first {MaxDevices} are looked at.");
        }

        var found = new List<(string Chip, string Address, string Path, string Folder)>();
        foreach (string entry in entries.Take(MaxDevices))
        {
            string device = $"{ClassFolder}/{entry}";
            if (FolderOf(files, device) is { } folder)
            {
                string? name = await ReadNameAsync(folder + "/name", cancellationToken);
                if (name is null)
                {
                    host.Log.Warning($"{folder}/name holds no name or cannot be read; its chip is called 'unnamed'.");
                }

                string chip = name ?? "unnamed";
                found.Add((chip, await AddressAsync(files, device, cancellationToken), DeviceTree.OrderOf(files, device), folder));
            }
        }

        IReadOnlyList<string> names = StableNames.Assign([.. found.Select(f => (f.Chip, f.Address, f.Path))]);
        return [.. found.Select((f, i) => new HwmonDevice(names[i], f.Chip, f.Address, f.Folder, files.List(f.Folder))).OrderBy(d => d.Name, NaturalOrder.Instance)];
    }

    /// <summary>All channels of all chips, by chip and then by kind and number.</summary>
    internal async ValueTask<IReadOnlyList<HwmonChannel>> ChannelsAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<HwmonDevice> devices = await DevicesAsync(cancellationToken);
        return [.. devices.SelectMany(Channels)];
    }

    /// <summary>The channel of that DeviceID, or null.</summary>
    internal async ValueTask<HwmonChannel?> FindAsync(string deviceId, CancellationToken cancellationToken)
    {
        IReadOnlyList<HwmonChannel> channels = await ChannelsAsync(cancellationToken);
        return channels.FirstOrDefault(c => string.Equals(c.DeviceId, deviceId, StringComparison.Ordinal));
    }

    private static IEnumerable<HwmonChannel> Channels(HwmonDevice device)
    {
        var channels = new SortedDictionary<string, HwmonChannel>(NaturalOrder.Instance);
        foreach (string file in device.AttributeNames)
        {
            if (!AttributeName.TryParse(file, out AttributeName name))
            {
                continue;
            }

            if (!channels.TryGetValue(name.Channel, out HwmonChannel? channel))
            {
                if (channels.Count == MaxChannels)
                {
                    break;
                }

                channels.Add(name.Channel, channel = new HwmonChannel(device, name.Type, name.Number, new HashSet<string>(StringComparer.Ordinal)));
            }

            ((HashSet<string>)channel.Attributes).Add(name.Suffix);
        }

        return channels.Values;
    }

    // Drivers older than the hwmon class device's own attributes keep them with the device.
    private static string? FolderOf(IFileTree files, string device) =>
        files.FileExists(device + "/name") ? device : files.FileExists(device + "/device/name") ? device + "/device" : null;

    private async ValueTask<string> AddressAsync(IFileTree files, string device, CancellationToken cancellationToken)
    {
        string address = DeviceTree.AddressOf(files, device);
        if (DeviceTree.I2cAdapterOf(files, device) is not { } adapter)
        {
            return address;
        }

        // An adapter named "ISA …" only carries chips whose address is an I/O port.
        string? name = await ReadNameAsync(adapter + "/name", cancellationToken);
        return name?.StartsWith("ISA ", StringComparison.Ordinal) == true
            ? BusAddress.FormatIsa(DeviceTree.Leaf(files.Resolve(device + "/device")!)) ?? address
            : address;
    }

    private async ValueTask<string?> ReadNameAsync(string path, CancellationToken cancellationToken)
    {
        using ReadLimit limit = reader.StartLimit(cancellationToken);
        return (await reader.ReadAsync(path, limit)).AsText();
    }
}
