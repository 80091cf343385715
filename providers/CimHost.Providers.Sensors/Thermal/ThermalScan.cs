using System.Composition;
using CimHost.Providers.Sensors.Files;
using CimHost.Providers.Sensors.Wire;
using CimHost.Sdk.Hardware;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Sensors.Thermal;

/// <summary>Finds thermal zones and cooling devices (thermal sysfs-api §2). Reads their types, no value.</summary>
[Export]
[Shared]
[method: ImportingConstructor]
internal sealed class ThermalScan(IProviderHost host, AttributeReader reader)
{
    private const string ClassFolder = "/sys/class/thermal";
    private const int MaxDevices = 512;

    public AttributeReader Reader => reader;

    /// <summary>The thermal zones.</summary>
    public ValueTask<IReadOnlyList<ThermalDevice>> ZonesAsync(CancellationToken cancellationToken) => FindAsync("thermal_zone", cancellationToken);

    /// <summary>The cooling devices.</summary>
    public ValueTask<IReadOnlyList<ThermalDevice>> CoolingDevicesAsync(CancellationToken cancellationToken) => FindAsync("cooling_device", cancellationToken);

    private async ValueTask<IReadOnlyList<ThermalDevice>> FindAsync(string prefix, CancellationToken cancellationToken)
    {
        IFileTree files = reader.Files;
        string[] entries = [.. files.List(ClassFolder).Where(e => IsNumbered(e, prefix)).Order(NaturalOrder.Instance)];
        if (entries.Length > MaxDevices)
        {
            host.Log.Warning($"{ClassFolder} has {entries.Length} entries {prefix}N; the first {MaxDevices} are looked at.");
        }

        var found = new List<(string Chip, string Address, string Path, string Folder)>();
        foreach (string entry in entries.Take(MaxDevices))
        {
            string folder = $"{ClassFolder}/{entry}";
            using ReadLimit limit = reader.StartLimit(cancellationToken);
            string type = (await reader.ReadAsync(folder + "/type", limit)).AsText() ?? "untyped";
            found.Add((type, DeviceTree.AddressOf(files, folder), DeviceTree.OrderOf(files, folder), folder));
        }

        IReadOnlyList<string> names = StableNames.Assign([.. found.Select(f => (f.Chip, f.Address, f.Path))]);
        return [.. found.Select((f, i) => new ThermalDevice(names[i], f.Chip, f.Address, f.Folder, files.List(f.Folder))).OrderBy(d => d.Name, NaturalOrder.Instance)];
    }

    private static bool IsNumbered(string entry, string prefix) =>
        entry.Length > prefix.Length && entry.StartsWith(prefix, StringComparison.Ordinal) && entry.AsSpan(prefix.Length).IndexOfAnyExceptInRange('0', '9') < 0;
}
