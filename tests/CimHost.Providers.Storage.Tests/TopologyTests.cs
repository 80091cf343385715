using CimHost.Providers.Storage.Cim;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Hardware;
using CimHost.Sdk.Testing;
using CimHost.VmKernel.Devices.Emulation;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace CimHost.Providers.Storage.Tests;

/// <summary>What disks are attached to and which slots they are in.</summary>
public sealed class TopologyTests : IDisposable
{
    private const string Pci = "/sys/bus/pci/devices";
    private const string Devices = "/sys/devices/pci0000:00";
    private readonly string _folder = Directory.CreateTempSubdirectory("cimhost-topology-").FullName;

    private string Disks => Path.Combine(_folder, "disks");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task All_ports_of_a_SATA_controller_are_one_controller()
    {
        StoragePackage package = Open(Ata("sda", "scsi-0:0:0:0", 1), Ata("sdb", "scsi-1:0:0:0", 2));
        FakeFileTree files = package.Host.Hardware.Files;
        AddController(files, "0000:00:17.0", "0x010601", "ahci", (0, "ata1/host0"), (1, "ata2/host1"));

        CimInstance controller = Assert.Single(await package.EnumerateAsync(ClassNames.DiskController));
        Assert.Equal("pci-0000:00:17.0", controller["DeviceID"]);
        Assert.Equal(((ushort)0x8086, (ushort)0xA182, "ahci", "SATA"), (controller["VendorID"].ToObject(), controller["PciDeviceID"].ToObject(), controller["Driver"].AsString(), controller["OtherControllerType"].AsString()));
        IReadOnlyList<CimInstance> links = await package.EnumerateAsync(ClassNames.ControlledBy);
        Assert.Equal(2, links.Count);
        Assert.All(links, l => Assert.Equal(controller.Path!.KeyString, l["Antecedent"].AsReference()!.KeyString));
    }

    [Fact]
    public async Task A_SAS_controller_tells_its_board_firmware_and_address()
    {
        StoragePackage package = Open(Ata("sda", "scsi-4:0:0:0", 1));
        FakeFileTree files = package.Host.Hardware.Files;
        AddController(files, "0000:17:00.0", "0x010700", "mpt3sas", (4, "host4"));
        string adapter = Devices + "/0000:17:00.0/host4/scsi_host/host4";
        files.Add(adapter + "/board_name", "HBA-12G\n").Add(adapter + "/version_fw", "16.00.12.00\n").Add(adapter + "/host_sas_address", "0x500605b0a1b2c300\n");

        CimInstance controller = Assert.Single(await package.EnumerateAsync(ClassNames.DiskController));
        Assert.Equal(
            ("HBA-12G", "16.00.12.00", "500605b0a1b2c300", "SAS"),
            (controller["BoardName"].AsString(), controller["FirmwareVersion"].AsString(), controller["SasAddress"].AsString(), controller["OtherControllerType"].AsString()));
    }

    [Fact]
    public async Task A_disk_on_USB_is_on_an_adapter_and_not_on_the_controller_of_USB()
    {
        StoragePackage package = Open(Ata("sda", "scsi-6:0:0:0", 1));
        AddController(package.Host.Hardware.Files, "0000:00:14.0", "0x0c0330", "xhci_hcd", (6, "usb1/1-3/1-3:1.0/host6"));
        Assert.Equal("scsi-6", Assert.Single(await package.EnumerateAsync(ClassNames.DiskController))["DeviceID"]);
    }

    [Fact]
    public async Task A_slot_holds_the_disk_whose_address_it_tells()
    {
        StoragePackage package = Open(Sas("sdb", "scsi-1:0:0:0", 0x11), Sas("sdc", "scsi-1:0:1:0", 0x21), Enclosure("0x5000c500d0e0f121", "0x5000c500d0e0f999"));
        CimInstance link = Assert.Single(await package.EnumerateAsync(ClassNames.DiskInSlot));
        Assert.EndsWith("/element0.0", link["Antecedent"].AsReference()!["DeviceID"].AsString());
        Assert.Equal("naa.5000c500d0e0f120", link["Dependent"].AsReference()!["DeviceID"]);
    }

    [Fact]
    public async Task The_kernel_knows_the_SATA_disk_whose_address_is_the_expanders()
    {
        StoragePackage package = Open(Ata("sda", "scsi-1:0:5:0", 1), Enclosure("0x500056b300001005", "0x500056b300001006"));
        package.Host.Hardware.Files
            .AddDirectory(Devices + "/0000:17:00.0/host1/target1:0:5/1:0:5:0")
            .AddLink("/sys/class/enclosure/1:0:8:0/Slot 01/device", Devices + "/0000:17:00.0/host1/target1:0:5/1:0:5:0");
        CimInstance link = Assert.Single(await package.EnumerateAsync(ClassNames.DiskInSlot));
        Assert.EndsWith("/element0.1", link["Antecedent"].AsReference()!["DeviceID"].AsString());
        Assert.Equal("naa.5000c50000000001", link["Dependent"].AsReference()!["DeviceID"]);
    }

    [Fact]
    public async Task The_same_disk_in_another_slot_is_not_a_new_instance_and_a_replaced_disk_is()
    {
        EmulatedMachine machine = Machine(Sas("sdb", "scsi-1:0:0:0", 0x11), Enclosure("0x5000c500d0e0f111", "0x0"));
        StoragePackage package = Over(machine);
        string disk = (await package.DriveAsync()).Path!.KeyString;
        Assert.EndsWith("/element0.0", await SlotAsync(package));

        // Pulled, and put into the other slot: the kernel gives it another name and address.
        File.WriteAllText(Path.Combine(Disks, "0.json"), Sas("sdq", "scsi-1:0:1:0", 0x11));
        File.WriteAllText(Path.Combine(Disks, "1.json"), Enclosure("0x0", "0x5000c500d0e0f111"));
        machine.Refresh();
        package.Host.Hardware.SetDisks(machine.Disks);
        Assert.Equal(disk, (await package.DriveAsync()).Path!.KeyString);
        Assert.EndsWith("/element0.1", await SlotAsync(package));

        File.WriteAllText(Path.Combine(Disks, "0.json"), Sas("sdq", "scsi-1:0:1:0", 0x31));
        File.WriteAllText(Path.Combine(Disks, "1.json"), Enclosure("0x0", "0x5000c500d0e0f131"));
        machine.Refresh();
        package.Host.Hardware.SetDisks(machine.Disks);
        Assert.NotEqual(disk, (await package.DriveAsync()).Path!.KeyString);
        Assert.EndsWith("/element0.1", await SlotAsync(package));
    }

    private static async Task<string> SlotAsync(StoragePackage package) =>
        Assert.Single(await package.EnumerateAsync(ClassNames.DiskInSlot))["Antecedent"].AsReference()!["DeviceID"].AsString()!;

    private static void AddController(FakeFileTree files, string address, string pciClass, string driver, params (int Number, string Path)[] adapters)
    {
        string device = $"{Devices}/{address}";
        files.Add(device + "/class", pciClass + "\n").Add(device + "/vendor", "0x8086\n").Add(device + "/device", "0xa182\n");
        files.AddDirectory("/sys/bus/pci/drivers/" + driver).AddLink(device + "/driver", "/sys/bus/pci/drivers/" + driver).AddLink($"{Pci}/{address}", device);
        foreach ((int number, string path) in adapters)
        {
            files.AddDirectory($"{device}/{path}/scsi_host/host{number}").AddLink($"/sys/class/scsi_host/host{number}", $"{device}/{path}/scsi_host/host{number}");
        }
    }

    private static string Ata(string name, string location, int number) => $$"""
        { "name": "{{name}}", "kind": "ata", "location": "{{location}}", "model": "EXAMPLE DISK", "serialNumber": "S{{number}}", "firmware": "F1",
          "wwn": "0x5000c5000000000{{number}}", "capacityBytes": 1000204886016 }
        """;

    private static string Sas(string name, string location, int port) => $$"""
        { "name": "{{name}}", "kind": "scsi", "location": "{{location}}", "vendor": "EXAMPLE", "model": "SAS DISK", "serialNumber": "S{{port:x}}", "firmware": "F1",
          "wwn": "0x5000c500d0e0f1{{port - 1:x2}}", "capacityBytes": 12000138625024, "logicalBlock": 4096, "rotationRate": 7200, "temperature": 34, "tripTemperature": 60,
          "phys": ["0x5000c500d0e0f1{{port:x2}}"] }
        """;

    private static string Enclosure(string first, string second) => $$"""
        { "name": "sg12", "kind": "enclosure", "location": "scsi-1:0:8:0", "vendor": "EXAMPLE", "model": "BACKPLANE", "serialNumber": "B1", "firmware": "B1",
          "wwn": "0x500056b300001000",
          "elements": [ { "type": "slot", "text": "Drive bays", "items": [
            { "name": "Slot 00", "status": "ok", "sasAddress": "{{first}}" }, { "name": "Slot 01", "status": "ok", "sasAddress": "{{second}}" } ] } ] }
        """;

    private StoragePackage Open(params string[] devices) => Over(Machine(devices));

    private static StoragePackage Over(EmulatedMachine machine)
    {
        var host = new FakeProviderHost();
        host.Configuration["SampleAgeSeconds"] = "0";
        host.Hardware.SetDisks(machine.Disks);
        return new StoragePackage(host);
    }

    private EmulatedMachine Machine(params string[] devices)
    {
        Directory.CreateDirectory(Disks);
        File.WriteAllText(Path.Combine(_folder, "machine.json"), """{ "systemName": "fixture", "bios": { "version": "1", "date": "2026-01-01" } }""");
        for (int i = 0; i < devices.Length; i++)
        {
            File.WriteAllText(Path.Combine(Disks, $"{i}.json"), devices[i]);
        }

        return EmulatedMachine.Open(_folder, TimeProvider.System, NullLogger.Instance);
    }
}
