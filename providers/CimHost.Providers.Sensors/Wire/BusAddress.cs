using System.Globalization;

namespace CimHost.Providers.Sensors.Wire;

/// <summary>
/// Where a device sits, in a form that outlives a restart: the bus and the device's address on it ("pci-0000:00:18.3", "i2c-1-48",
/// "isa-0290"). The kinds of bus and what counts as their address follow what users of lm-sensors know.
/// </summary>
internal static class BusAddress
{
    /// <summary>Address of a device that hangs on no bus.</summary>
    public const string Virtual = "virtual-0";

    /// <summary>Address from the bus and the kernel's name of the device on it.</summary>
    /// <param name="bus">Name of the bus: the last part of /sys/bus/….</param>
    /// <param name="device">Name of the device: the last part of its path.</param>
    /// <param name="parent">Name of the device above it, which tells the port of a USB HID device.</param>
    public static string Format(string bus, string device, string parent) => bus switch
    {
        "i2c" => FormatI2c(device) ?? Plain("i2c", device),
        "platform" or "of_platform" => FormatPlatform(device),
        "spi" => device.StartsWith("spi", StringComparison.Ordinal) ? "spi-" + device[3..] : Plain("spi", device),
        "hid" => FormatHid(device, parent) ?? Plain("hid", device),
        "mdio_bus" => Plain("mdio", device),
        _ => Plain(bus, device),
    };

    /// <summary>Address of a chip behind an adapter that only stands for the ISA bus: its i2c address is an I/O port.</summary>
    public static string? FormatIsa(string i2cDevice) => SplitI2c(i2cDevice) is { } parts ? $"isa-{parts.Address:x4}" : null;

    private static string Plain(string bus, string device) => bus + "-" + device;

    private static string? FormatI2c(string device) => SplitI2c(device) is { } parts ? $"i2c-{parts.Bus}-{parts.Address:x2}" : null;

    // "1-0048": adapter in decimal, address in hexadecimal (ten-bit addresses are marked with a000).
    private static (int Bus, int Address)? SplitI2c(string device)
    {
        int dash = device.IndexOf('-', StringComparison.Ordinal);
        return dash > 0
            && int.TryParse(device.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out int bus)
            && int.TryParse(device.AsSpan(dash + 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int address)
            && address >= 0
            ? (bus, address)
            : null;
    }

    // "nct6775.656": the number is the I/O base (or the instance) of the old ISA view of such chips.
    private static string FormatPlatform(string device)
    {
        int dot = device.LastIndexOf('.');
        return dot > 0 && int.TryParse(device.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? $"isa-{number:x4}"
            : Plain("platform", device);
    }

    // "0003:1B1C:0C10.0006": bus type, vendor, product, and a number that grows with each plugging in. The port tells two alike apart.
    private static string? FormatHid(string device, string parent)
    {
        int dot = device.LastIndexOf('.');
        string[] parts = dot < 0 ? [] : device[..dot].Split(':');
        if (parts.Length != 3 || !int.TryParse(parts[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int bus))
        {
            return null;
        }

        bool onUsbPort = parent.Length > 0 && char.IsAsciiDigit(parent[0]) && parent.Contains('-', StringComparison.Ordinal);
        return $"hid-{bus}-{parts[1].ToLowerInvariant()}:{parts[2].ToLowerInvariant()}-{(onUsbPort ? parent : device[(dot + 1)..])}";
    }
}
