using System.Composition;
using CimHost.Providers.Platform.Files;

namespace CimHost.Providers.Platform.Kernel;

/// <summary>Devices in /sys/bus/usb/devices (Documentation/ABI/testing/sysfs-bus-usb).</summary>
[Export]
[Shared]
[method: ImportingConstructor]
internal sealed class UsbDevices(PlatformFiles files)
{
    /// <summary>Folder of the devices.</summary>
    public const string Folder = "/sys/bus/usb/devices";

    private const string RootHub = "usb";

    /// <summary>Name of the kernel and identity of every device. A device is what its ports say; names with a colon are interfaces of one.</summary>
    public IReadOnlyList<(string Name, string Id)> List() =>
    [
        .. files.Tree.List(Folder)
            .Where(n => !n.Contains(':', StringComparison.Ordinal) && files.Tree.FileExists($"{Folder}/{n}/descriptors"))
            .Select(n => (n, IdOf(n)))
            .DistinctBy(d => d.Item2),
    ];

    // Root hubs are named by the number of their bus, which depends on the order of discovery; their controller does not.
    private string IdOf(string name) => name.StartsWith(RootHub, StringComparison.Ordinal) && DeviceLocation.PciOf(files.Tree, $"{Folder}/{name}") is { } controller
        ? $"{RootHub}-{controller}-{(IsSuperSpeed(name) ? "ss" : "hs")}"
        : name;

    // A controller has one bus for SuperSpeed and one for everything slower; the buses of one controller are neighbours in its folder.
    private bool IsSuperSpeed(string name)
    {
        string? device = files.Tree.Resolve($"{Folder}/{name}");
        string? controller = device?[..device.LastIndexOf('/')];
        string[] buses = controller is null ? [] : [.. files.Tree.List(controller).Where(n => n.StartsWith(RootHub, StringComparison.Ordinal) && n.Length > 3 && char.IsAsciiDigit(n[3]))];
        return buses.Length > 1 && buses.OrderBy(b => b.Length).ThenBy(b => b, StringComparer.Ordinal).First() != name;
    }
}
