using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Platform.Kernel;

/// <summary>Where devices of the kernel sit: what stays the same however they are numbered.</summary>
internal static class DeviceLocation
{
    private const string Buses = "/sys/bus/";
    private const string Devices = "/sys/devices/";

    /// <summary>Bus and address of the nearest device upwards that sits on a bus ("pci-0000:3b:00.0"); null when none does: a virtual device.</summary>
    /// <param name="files">The kernel's files.</param>
    /// <param name="path">Path of a device, links allowed.</param>
    public static string? Of(IFileTree files, string path)
    {
        for (string at = files.Resolve(path) ?? string.Empty; at.StartsWith(Devices, StringComparison.Ordinal); at = Parent(at))
        {
            if (files.Resolve(at + "/subsystem") is { } subsystem && subsystem.StartsWith(Buses, StringComparison.Ordinal))
            {
                return $"{subsystem[Buses.Length..]}-{Leaf(at)}";
            }
        }

        return null;
    }

    /// <summary>PCI address of the nearest PCI device upwards; null when there is none.</summary>
    public static string? PciOf(IFileTree files, string path)
    {
        for (string at = files.Resolve(path) ?? string.Empty; at.StartsWith(Devices, StringComparison.Ordinal); at = Parent(at))
        {
            if (files.Resolve(at + "/subsystem") == Buses + "pci")
            {
                return Leaf(at);
            }
        }

        return null;
    }

    /// <summary>Name of the driver of a device; null without one.</summary>
    public static string? DriverOf(IFileTree files, string path) => files.Resolve(path + "/driver") is { } driver ? Leaf(driver) : null;

    /// <summary>Last part of a path.</summary>
    public static string Leaf(string path) => path[(path.LastIndexOf('/') + 1)..];

    private static string Parent(string path) => path[..Math.Max(0, path.LastIndexOf('/'))];
}
