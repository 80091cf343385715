using CimHost.Providers.Platform.Providers;
using CimHost.Sdk.Cim;
using Xunit;

namespace CimHost.Providers.Platform.Tests;

/// <summary>What comes and goes while the host runs, and what stays the same.</summary>
public sealed class HotPlugTests
{
    [Fact]
    public async Task A_device_that_is_unplugged_is_gone_and_back_under_the_same_name()
    {
        PlatformPackage package = PlatformFixture.Load("usb/keyboard");
        IReadOnlyList<CimInstance> before = await package.EnumerateAsync(ClassNames.UsbDevice);
        package.Host.Hardware.Files.Remove("/sys/bus/usb/devices/1-4.2");
        Assert.Equal(before.Count - 1, (await package.EnumerateAsync(ClassNames.UsbDevice)).Count);

        package.Host.Hardware.Files.AddLink("/sys/bus/usb/devices/1-4.2", "/sys/devices/pci0000:00/0000:00:14.0/usb1/1-4/1-4.2");
        Assert.Equal(before.Select(i => i.Path), (await package.EnumerateAsync(ClassNames.UsbDevice)).Select(i => i.Path));
    }

    [Fact]
    public async Task A_disk_that_the_kernel_names_anew_keeps_its_identity()
    {
        PlatformPackage package = PlatformFixture.Load("kernel/many-mounts");
        const string Disk = "/sys/devices/pci0000:00/0000:00:1f.2/ata1/host0/target0:0:0/0:0:0:0/block/sda";
        CimInstance before = (await package.EnumerateAsync(ClassNames.BlockDevice)).Single(i => i["KernelName"].AsString() == "sda");
        package.Host.Hardware.Files.Remove("/sys/class/block/sda");
        package.Host.Hardware.Files.AddLink("/sys/class/block/sdx", Disk);
        CimInstance after = (await package.EnumerateAsync(ClassNames.BlockDevice)).Single(i => i["KernelName"].AsString() == "sdx");
        Assert.Equal(before.Path, after.Path);
    }

    [Fact]
    public async Task A_network_interface_that_is_renamed_keeps_its_identity()
    {
        PlatformPackage package = PlatformFixture.Load("kernel/network");
        CimInstance before = (await package.EnumerateAsync(ClassNames.EthernetPort)).Single(i => i["InterfaceName"].AsString() == "eth0");
        package.Host.Hardware.Files.Remove("/sys/class/net/eth0");
        package.Host.Hardware.Files.AddLink("/sys/class/net/lan", "/sys/devices/pci0000:00/0000:00:03.0/virtio0/net/eth0");
        CimInstance after = (await package.EnumerateAsync(ClassNames.EthernetPort)).Single(i => i["InterfaceName"].AsString() == "lan");
        Assert.Equal(before.Path, after.Path);
    }

    [Fact]
    public async Task Counters_are_read_anew_each_time()
    {
        PlatformPackage package = PlatformFixture.Load("kernel/edac-errors");
        Assert.Equal(250UL, (await Module(package))["CorrectedErrors"]);
        Assert.Equal((ushort)10, (await Module(package))["HealthState"]);
        package.Host.Hardware.Files.Add("/sys/devices/system/edac/mc/mc0/dimm0/dimm_ue_count", "1\n");
        Assert.Equal(1UL, (await Module(package))["UncorrectedErrors"]);
        Assert.Equal((ushort)20, (await Module(package))["HealthState"]);
    }

    private static async Task<CimInstance> Module(PlatformPackage package) =>
        (await package.EnumerateAsync(ClassNames.PhysicalMemory)).Single(m => m["Tag"].AsString() == "DIMM_A1");
}
