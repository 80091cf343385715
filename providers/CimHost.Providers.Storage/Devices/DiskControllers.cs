using System.Composition;
using System.Globalization;
using System.Text;
using CimHost.Sdk.Hardware;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Storage.Devices;

/// <summary>
/// The controllers that disks are attached to, as the kernel shows them (/sys/class/scsi_host and /sys/bus/pci; scsi_transport_sas and the
/// drivers add attributes of their own). A disk's location names a host adapter by a number that is given anew at each start; the controller
/// is known by its PCI address, and all ports of an AHCI controller, each an adapter of its own, are that one controller.
/// </summary>
[Export]
[Shared]
[method: ImportingConstructor]
internal sealed class DiskControllers(IProviderHost host)
{
    private const string ScsiLocation = "scsi-";
    private const string HostClass = "/sys/class/scsi_host/host";
    private const string PciDevices = "/sys/bus/pci/devices/";
    private const string MassStorageClass = "0x01";
    private const int LongestText = 128;

    private IFileTree Files => host.Hardware.Files;

    /// <summary>Whether the controller is the device's own, or one that other devices share.</summary>
    public static bool IsOwn(DiskIdentity identity) => identity.Kind == DiskKind.Nvme;

    /// <summary>
    /// Name of the controller behind a location: "pci-0000:17:00.0", or the adapter ("scsi-0") where no storage controller on PCI is behind
    /// it (USB, iSCSI). Null for what is on no adapter.
    /// </summary>
    public async ValueTask<string?> AdapterOfAsync(string location, CancellationToken cancellationToken)
    {
        int end = location.IndexOf(':', StringComparison.Ordinal);
        if (!location.StartsWith(ScsiLocation, StringComparison.Ordinal) || end < 0)
        {
            return null;
        }

        string adapter = location[..end];
        string path = Files.Resolve(HostClass + adapter[ScsiLocation.Length..]) ?? string.Empty;

        // The nearest storage controller upwards: a port of a USB controller is none.
        foreach (string name in path.Split('/').Reverse())
        {
            if (Files.DirectoryExists(PciDevices + name))
            {
                string? pciClass = await TextAsync($"{PciDevices}{name}/class", cancellationToken);
                return pciClass?.StartsWith(MassStorageClass, StringComparison.Ordinal) == true ? "pci-" + name : adapter;
            }
        }

        return adapter;
    }

    /// <summary>What is known of a controller at a PCI address.</summary>
    /// <param name="pciAddress">As "0000:17:00.0".</param>
    /// <param name="location">Location of one of its disks, for what the adapter tells; empty for an NVMe controller.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async ValueTask<ControllerFacts> ReadAsync(string? pciAddress, string location, CancellationToken cancellationToken)
    {
        string pci = PciDevices + pciAddress;
        int end = location.IndexOf(':', StringComparison.Ordinal);
        string adapter = location.StartsWith(ScsiLocation, StringComparison.Ordinal) && end > 0 ? HostClass + location[ScsiLocation.Length..end] : string.Empty;
        return new ControllerFacts
        {
            Protocol = pciAddress is null ? null : ProtocolOf(await TextAsync(pci + "/class", cancellationToken)),
            VendorId = pciAddress is null ? null : await IdAsync(pci + "/vendor", cancellationToken),
            DeviceId = pciAddress is null ? null : await IdAsync(pci + "/device", cancellationToken),
            Driver = (pciAddress is null ? null : Files.Resolve(pci + "/driver")?.Split('/')[^1]) ?? await AdapterTextAsync("proc_name"),
            Board = await AdapterTextAsync("board_name"),
            Firmware = await AdapterTextAsync("version_fw") ?? await AdapterTextAsync("firmware_rev"),
            SasAddress = (await AdapterTextAsync("host_sas_address"))?.Replace("0x", string.Empty, StringComparison.Ordinal),
        };

        async ValueTask<string?> AdapterTextAsync(string attribute) => adapter.Length == 0 ? null : await TextAsync($"{adapter}/{attribute}", cancellationToken);
    }

    // PCI Code and ID Assignment 1.12 §1.2: base class 01h.
    private static string? ProtocolOf(string? pciClass) => pciClass?.Length >= 6 ? pciClass[..6] switch { "0x0106" => "SATA", "0x0107" => "SAS", "0x0108" => "NVMe", _ => null } : null;

    private async ValueTask<ushort?> IdAsync(string path, CancellationToken cancellationToken) =>
        await TextAsync(path, cancellationToken) is ['0', 'x', .. { } digits]
            && ushort.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort id) ? id : null;

    // What is not there, or refused, is left out.
    private async ValueTask<string?> TextAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            string text = Encoding.UTF8.GetString(await Files.ReadAsync(path, cancellationToken) ?? []).Trim();
            text = string.Concat(text.Take(LongestText).Where(c => !char.IsControl(c)));
            return text.Length == 0 ? null : text;
        }
        catch (HardwareException)
        {
            return null;
        }
    }
}
