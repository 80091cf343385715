using System.Globalization;
using CimHost.Sdk.Hardware;

namespace CimHost.VmKernel.Devices.Disks;

/// <summary>Finds the disks and enclosures that a kernel shows below /sys.</summary>
internal static class DiskNodes
{
    private const int MostDevices = 4_096;

    // Peripheral device types (SPC-5 §6.6.2) with something to tell: block, simplified block, zoned block, enclosure services.
    private static readonly int[] s_types = [0x00, 0x0E, 0x14, 0x0D];

    /// <summary>The devices that are there now, ordered by name.</summary>
    /// <param name="systemRoot">Where /sys and /dev are looked up.</param>
    public static IReadOnlyList<DiskNode> Find(string systemRoot)
    {
        var found = new List<DiskNode>();
        foreach (string address in Entries(Path.Combine(systemRoot, "sys/class/scsi_device")))
        {
            string device = Path.Combine(systemRoot, "sys/class/scsi_device", address, "device");
            if (int.TryParse(Text(Path.Combine(device, "type")), NumberStyles.None, CultureInfo.InvariantCulture, out int type)
                && s_types.Contains(type)
                && (First(Path.Combine(device, "block")) ?? First(Path.Combine(device, "scsi_generic"))) is { } name)
            {
                found.Add(new DiskNode(name, DiskProtocol.Scsi, "scsi-" + address, Path.Combine(systemRoot, "dev", name)));
            }
        }

        foreach (string name in Entries(Path.Combine(systemRoot, "sys/class/nvme")))
        {
            string address = Text(Path.Combine(systemRoot, "sys/class/nvme", name, "address"));
            string transport = Text(Path.Combine(systemRoot, "sys/class/nvme", name, "transport"));
            string location = address.Length == 0 ? string.Empty : transport is "" or "pcie" ? "pci-" + address : $"{transport}-{address}";
            found.Add(new DiskNode(name, DiskProtocol.Nvme, location, Path.Combine(systemRoot, "dev", name)));
        }

        return [.. found.Where(node => File.Exists(node.Path)).OrderBy(node => node.Name.Length).ThenBy(node => node.Name, StringComparer.Ordinal)];
    }

    private static IEnumerable<string> Entries(string directory)
    {
        try
        {
            return [.. Directory.EnumerateFileSystemEntries(directory).Take(MostDevices).Select(e => Path.GetFileName(e)!).Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // No such class: its driver is not loaded, or the device went while it was looked at.
            return [];
        }
    }

    private static string? First(string directory) => Entries(directory).FirstOrDefault();

    private static string Text(string file)
    {
        try
        {
            return File.ReadAllText(file).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return string.Empty;
        }
    }
}
