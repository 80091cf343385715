using System.Composition;
using System.Globalization;
using CimHost.Providers.Platform.Files;

namespace CimHost.Providers.Platform.Kernel;

/// <summary>A network port of the hardware.</summary>
/// <param name="Interface">Name of the kernel's interface.</param>
/// <param name="Id">Bus address, with the number of the port where a device has several.</param>
/// <param name="BusAddress">Bus address of the device.</param>
internal sealed record NetworkPort(string Interface, string Id, string BusAddress)
{
    /// <summary>Folder of the interface.</summary>
    public string Path => NetworkPorts.Folder + "/" + Interface;
}

/// <summary>Interfaces in /sys/class/net that have a device behind them (Documentation/ABI/testing/sysfs-class-net).</summary>
[Export]
[Shared]
[method: ImportingConstructor]
internal sealed class NetworkPorts(PlatformFiles files)
{
    /// <summary>Folder of the interfaces.</summary>
    public const string Folder = "/sys/class/net";

    /// <summary>All ports. Bridges, bonds, tunnels and loopback have no device and are none.</summary>
    public async ValueTask<IReadOnlyList<NetworkPort>> ReadAsync(CancellationToken cancellationToken)
    {
        var found = new List<(string Interface, string Location, long Port)>();
        foreach (string name in files.Tree.List(Folder))
        {
            if (DeviceLocation.Of(files.Tree, $"{Folder}/{name}/device") is { } location)
            {
                found.Add((name, location, await files.NumberAsync($"{Folder}/{name}/dev_port", cancellationToken) ?? 0));
            }
        }

        var ports = new List<NetworkPort>();
        foreach (var device in found.GroupBy(f => f.Location))
        {
            // Drivers that do not number their ports leave 0 for all: then the names tell them apart.
            var members = device.OrderBy(m => m.Port).ThenBy(m => m.Interface, StringComparer.Ordinal).ToArray();
            bool numbered = members.Select(m => m.Port).Distinct().Count() == members.Length;
            ports.AddRange(members.Select((m, i) => new NetworkPort(
                m.Interface,
                members.Length == 1 ? m.Location : string.Create(CultureInfo.InvariantCulture, $"{m.Location}/{(numbered ? m.Port : i)}"),
                m.Location)));
        }

        return ports;
    }
}
