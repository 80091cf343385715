using CimHost.Providers.Sensors.Wire;
using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Sensors.Files;

/// <summary>The kernel's tree of devices below /sys/devices, as far as it tells where a device sits.</summary>
internal static class DeviceTree
{
    private const string Buses = "/sys/bus/";
    private const string Devices = "/sys/devices";

    /// <summary>
    /// Bus address of a class device from its "device" link: of the nearest device upwards that sits on a bus. A device without a link, or
    /// with none on a bus above it, is virtual.
    /// </summary>
    /// <param name="files">The kernel's files.</param>
    /// <param name="classDevice">Path of the class device: "/sys/class/hwmon/hwmon0".</param>
    public static string AddressOf(IFileTree files, string classDevice)
    {
        string? device = files.Resolve(classDevice + "/device");
        for (string path = device ?? string.Empty; path.StartsWith(Devices + "/", StringComparison.Ordinal); path = Parent(path))
        {
            if (files.Resolve(path + "/subsystem") is { } subsystem && subsystem.StartsWith(Buses, StringComparison.Ordinal))
            {
                return BusAddress.Format(subsystem[Buses.Length..], Leaf(path), Leaf(Parent(path)));
            }
        }

        return BusAddress.Virtual;
    }

    /// <summary>A path that orders class devices by where they sit: the resolved device, else the class device itself.</summary>
    public static string OrderOf(IFileTree files, string classDevice) => files.Resolve(classDevice + "/device") ?? files.Resolve(classDevice) ?? classDevice;

    /// <summary>Path of the i2c adapter that the class device hangs on; null when it hangs on none.</summary>
    public static string? I2cAdapterOf(IFileTree files, string classDevice) =>
        files.Resolve(classDevice + "/device") is { } device && files.Resolve(device + "/subsystem") == Buses + "i2c" ? Parent(device) : null;

    /// <summary>Last part of a path.</summary>
    public static string Leaf(string path) => path[(path.LastIndexOf('/') + 1)..];

    private static string Parent(string path) => path[..Math.Max(0, path.LastIndexOf('/'))];
}
