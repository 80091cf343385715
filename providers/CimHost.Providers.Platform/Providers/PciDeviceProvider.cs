using System.Composition;
using System.Globalization;
using System.Runtime.CompilerServices;
using CimHost.Providers.Platform.Files;
using CimHost.Providers.Platform.Firmware;
using CimHost.Providers.Platform.Kernel;
using CimHost.Providers.Platform.Wire.Pci;
using CimHost.Providers.Platform.Wire.Smbios;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Platform.Providers;

/// <summary>CimHost_PCIDevice: one instance per PCI device.</summary>
[CimProvider(ClassNames.PciDevice)]
[method: ImportingConstructor]
internal sealed class PciDeviceProvider(IProviderHost host, PciDevices devices, IdNames names, PlatformFiles files, SmbiosSource source) : ICimProvider
{
    /// <inheritdoc/>
    public async IAsyncEnumerable<CimInstance> EnumerateAsync(CimProviderRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        IReadOnlyList<PciDevice> all = await devices.ReadAsync(cancellationToken);
        IReadOnlyDictionary<string, string> found = await names.PciAsync(all.SelectMany(d => d.NameKeys), cancellationToken);
        SmbiosInventory inventory = await source.ReadAsync(cancellationToken);
        foreach (PciDevice device in all)
        {
            string? name = found.GetValueOrDefault(device.DeviceKey);
            CimInstance instance = PlatformPaths.NewDevice(host, request, device.Address, $"{device.Address} {name ?? device.DeviceKey}");
            SetIdentity(instance, device, found);
            instance["SlotDesignation"] = LabelOf(inventory, device.Address);
            await SetStateAsync(instance, device.Address, cancellationToken);
            await SetErrorsAsync(instance, device.Address, cancellationToken);
            yield return instance;
        }
    }

    private static void SetIdentity(CimInstance instance, PciDevice device, IReadOnlyDictionary<string, string> names)
    {
        _ = PciDevices.TryParse(device.Address, out uint segment, out byte bus, out byte number, out byte function);
        instance["BusAddress"] = device.Address;
        instance["SegmentNumber"] = segment <= ushort.MaxValue ? (ushort)segment : CimValue.Null;
        instance["BusNumber"] = bus;
        instance["DeviceNumber"] = number;
        instance["FunctionNumber"] = function;
        instance["VendorID"] = device.Vendor;
        instance["PCIDeviceID"] = device.Device;
        instance["SubsystemVendorID"] = device.SubsystemVendor;
        instance["SubsystemID"] = device.Subsystem;
        instance["RevisionID"] = device.Revision;
        instance["ClassCode"] = (byte)(device.Class >> 16);
        instance["SubclassCode"] = (byte)(device.Class >> 8);
        instance["ProgrammingInterface"] = (byte)device.Class;
        instance["VendorName"] = names.GetValueOrDefault(device.VendorKey);
        instance["DeviceName"] = names.GetValueOrDefault(device.DeviceKey);
        instance["SubsystemName"] = names.GetValueOrDefault(device.SubsystemKey);
        instance["DeviceClassName"] = names.GetValueOrDefault(device.SubclassKey) ?? names.GetValueOrDefault(device.BaseClassKey);
    }

    // A slot is told with the address of the first function of what is in it.
    private static string? LabelOf(SmbiosInventory inventory, string address)
    {
        string first = address[..address.LastIndexOf('.')] + ".0";
        return inventory.OfKind<OnboardDevice>().FirstOrDefault(d => d.BusAddress == address)?.Designation
            ?? inventory.OfKind<SystemSlot>().FirstOrDefault(s => s.BusAddress == first)?.Designation;
    }

    private async ValueTask SetStateAsync(CimInstance instance, string address, CancellationToken cancellationToken)
    {
        string path = $"{PciDevices.Folder}/{address}/";
        instance["Driver"] = DeviceLocation.DriverOf(files.Tree, path.TrimEnd('/'));
        instance["NumaNode"] = await files.NumberAsync(path + "numa_node", cancellationToken) is >= 0 and <= uint.MaxValue and var node ? (uint)node : CimValue.Null;
        instance["CurrentLinkSpeed"] = await files.TextAsync(path + "current_link_speed", cancellationToken);
        instance["MaxLinkSpeed"] = await files.TextAsync(path + "max_link_speed", cancellationToken);
        instance["CurrentLinkWidth"] = Width(await files.NumberAsync(path + "current_link_width", cancellationToken));
        instance["MaxLinkWidth"] = Width(await files.NumberAsync(path + "max_link_width", cancellationToken));
    }

    private async ValueTask SetErrorsAsync(CimInstance instance, string address, CancellationToken cancellationToken)
    {
        AerCounters? correctable = await devices.ReadErrorsAsync(address, "correctable", cancellationToken);
        AerCounters? nonFatal = await devices.ReadErrorsAsync(address, "nonfatal", cancellationToken);
        AerCounters? fatal = await devices.ReadErrorsAsync(address, "fatal", cancellationToken);
        instance["CorrectableErrors"] = correctable?.Total;
        instance["NonFatalErrors"] = nonFatal?.Total;
        instance["FatalErrors"] = fatal?.Total;
        string[] kinds =
        [
            .. (correctable?.Kinds ?? []).Select(k => "correctable " + k),
            .. (nonFatal?.Kinds ?? []).Select(k => "nonfatal " + k),
            .. (fatal?.Kinds ?? []).Select(k => "fatal " + k),
        ];
        instance["ErrorCounts"] = correctable is null && nonFatal is null && fatal is null ? null : kinds;
        Health health = fatal?.Total > 0 ? new Health(20, 6, string.Create(CultureInfo.InvariantCulture, $"{fatal.Total} fatal errors of the link"))
            : nonFatal?.Total > 0 ? Health.Degraded(string.Create(CultureInfo.InvariantCulture, $"{nonFatal.Total} uncorrectable errors of the link"))
            : correctable is null && nonFatal is null && fatal is null ? Health.Unknown
            : Health.Ok;
        health.Set(instance);
    }

    // 255 lanes is what a link without a device reports; 0 is no link.
    private static ushort? Width(long? lanes) => lanes is > 0 and < 255 ? (ushort)lanes : null;
}
