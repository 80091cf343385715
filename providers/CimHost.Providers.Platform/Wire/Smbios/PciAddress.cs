using System.Globalization;

namespace CimHost.Providers.Platform.Wire.Smbios;

/// <summary>Addresses of PCI devices as SMBIOS gives them: segment group, bus, and device and function in one byte.</summary>
internal static class PciAddress
{
    /// <summary>The address as the kernel writes it; null when a part is missing or the device is none (all bits set).</summary>
    public static string? Format(ushort? segment, byte? bus, byte? deviceFunction) =>
        segment is { } s && bus is { } b && deviceFunction is { } df && !(s == 0xFFFF && b == 0xFF && df == 0xFF)
            ? string.Create(CultureInfo.InvariantCulture, $"{s:x4}:{b:x2}:{df >> 3:x2}.{df & 7:x1}")
            : null;
}
