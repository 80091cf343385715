using System.Composition;
using System.Globalization;
using CimHost.Providers.Platform.Files;
using CimHost.Providers.Platform.Wire.Pci;

namespace CimHost.Providers.Platform.Kernel;

/// <summary>A PCI device as the kernel shows it; what it does not tell is null.</summary>
internal sealed record PciDevice(string Address, ushort Vendor, ushort Device, ushort? SubsystemVendor, ushort? Subsystem, uint Class, byte? Revision)
{
    /// <summary>Keys of its names in pci.ids.</summary>
    public IEnumerable<string> NameKeys => [VendorKey, DeviceKey, SubsystemKey, BaseClassKey, SubclassKey];

    public string VendorKey => $"{Vendor:x4}";

    public string DeviceKey => $"{Vendor:x4}:{Device:x4}";

    public string SubsystemKey => $"{Vendor:x4}:{Device:x4}:{SubsystemVendor ?? 0:x4}:{Subsystem ?? 0:x4}";

    public string BaseClassKey => $"C{Class >> 16:x2}";

    public string SubclassKey => $"C{Class >> 16:x2}:{Class >> 8 & 0xFF:x2}";
}

/// <summary>Devices in /sys/bus/pci/devices (Documentation/PCI/sysfs-pci.rst).</summary>
[Export]
[Shared]
[method: ImportingConstructor]
internal sealed class PciDevices(PlatformFiles files)
{
    /// <summary>Folder of the devices.</summary>
    public const string Folder = "/sys/bus/pci/devices";

    /// <summary>All devices, in the order of their addresses. One that tells no vendor or device is left out: it went away.</summary>
    public async ValueTask<IReadOnlyList<PciDevice>> ReadAsync(CancellationToken cancellationToken)
    {
        var devices = new List<PciDevice>();
        foreach (string address in files.Tree.List(Folder).Where(n => TryParse(n, out _, out _, out _, out _)))
        {
            string path = $"{Folder}/{address}/";
            if (await files.NumberAsync(path + "vendor", cancellationToken) is >= 0 and <= 0xFFFF and var vendor
                && await files.NumberAsync(path + "device", cancellationToken) is >= 0 and <= 0xFFFF and var device)
            {
                devices.Add(new PciDevice(
                    address,
                    (ushort)vendor,
                    (ushort)device,
                    (ushort?)await files.NumberAsync(path + "subsystem_vendor", cancellationToken),
                    (ushort?)await files.NumberAsync(path + "subsystem_device", cancellationToken),
                    (uint)((await files.NumberAsync(path + "class", cancellationToken) ?? 0) & 0xFF_FFFF),
                    (byte?)await files.NumberAsync(path + "revision", cancellationToken)));
            }
        }

        return devices;
    }

    /// <summary>Counters of Advanced Error Reporting; null when the device has none.</summary>
    public async ValueTask<AerCounters?> ReadErrorsAsync(string address, string severity, CancellationToken cancellationToken) =>
        await files.ReadAsync($"{Folder}/{address}/aer_dev_{severity}", cancellationToken) is { } content ? AerCounters.Read(content) : null;

    /// <summary>Takes an address apart: "0000:3b:00.0". Virtual segments (VMD) have more than four digits.</summary>
    public static bool TryParse(string address, out uint segment, out byte bus, out byte device, out byte function)
    {
        segment = bus = device = function = 0;
        string[] parts = address.Split(':', '.');
        return parts.Length == 4
            && uint.TryParse(parts[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out segment)
            && byte.TryParse(parts[1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out bus)
            && byte.TryParse(parts[2], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out device) && device < 32
            && byte.TryParse(parts[3], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out function) && function < 8;
    }
}
