using CimHost.TestBed;
using Xunit;

namespace CimHost.Guest;

/// <summary>
/// A guest with an NVMe disk, an ATA disk on AHCI, a SCSI disk on a virtio adapter and one of the kernel's own scsi_debug, the devices of
/// <c>hardware.asl</c> and of <c>KernelModule/</c>, in which CimHost runs. All tests of devices share it, one after another: a guest costs most of its time at the start.
/// </summary>
public sealed class GuestDevices : IAsyncLifetime
{
    /// <summary>The id of the NVMe disk in QEMU.</summary>
    internal const string Nvme = "nvme0";

    /// <summary>The id of the SCSI disk on the virtio adapter in QEMU.</summary>
    internal const string Scsi = "scsi0";

    private static readonly string[] s_modules =
    [
        "virtio_pci", "9pnet_virtio", "9p", "virtio_net", "sg", "sd_mod", "ahci", "nvme", "virtio_scsi", "scsi_debug dev_size_mb=16", "hid", "hid-generic",
        "thermal", "fan", "battery", "ac", "acpi_power_meter", GuestKernel.OwnModule, "usbhid", "dummy_hcd", "configfs", "libcomposite", "usb_f_fs",
    ];

    // Blocks that read as zeros: nothing in these tests depends on content.
    private static readonly string[] s_disks =
    [
        "-blockdev", "null-co,node-name=empty0,size=67108864,read-zeroes=on", "-device", $"nvme,id={Nvme},drive=empty0,serial=NVME0001",
        "-blockdev", "null-co,node-name=empty1,size=134217728,read-zeroes=on",
        "-device", "ide-hd,drive=empty1,bus=ide.0,serial=SATA0001,model=TESTDISK,rotation_rate=7200,wwn=0x5000c50000000001",
        "-device", "virtio-scsi-pci,id=adapter", "-blockdev", "null-co,node-name=empty2,size=33554432,read-zeroes=on",
        "-device", $"scsi-hd,id={Scsi},drive=empty2,bus=adapter.0,serial=SCSI0001,vendor=EXAMPLE,product=SCSIDISK,wwn=0x5000c50000000002",
    ];

    // Structures of the firmware's table that QEMU has not by itself, and fields that it leaves empty.
    private static readonly string[] s_firmware =
    [
        "-smbios", "type=1,manufacturer=EXAMPLE,product=Bench 1,version=B,serial=BENCH-0001,sku=BN-1,family=Benches,uuid=7d2a6f0c-54b1-4c0e-9a43-1f2e3d4c5b6a",
        "-smbios", "type=2,manufacturer=EXAMPLE,product=Board 7,version=C,serial=BOARD-0007,asset=A-2,location=Tray 1",
        "-smbios", "type=3,manufacturer=EXAMPLE,version=D,serial=CHASSIS-0003,asset=A-3,sku=CH-3",
        "-smbios", "type=4,sock_pfx=Socket,manufacturer=EXAMPLE,version=Processor 4,serial=CPU-0004,asset=A-4,part=P-4,max-speed=3100,current-speed=2900",
        "-smbios", "type=8,internal_reference=J3,external_reference=Console,connector_type=8,port_type=9",
        "-smbios", "type=11,value=first text,value=second text",
        "-smbios", "type=17,bank=Bank 1,manufacturer=EXAMPLE,serial=DIMM-0017,asset=A-17,part=P-17,speed=3200",
    ];

    /// <summary>The guest.</summary>
    internal GuestMachine Guest { get; private set; } = null!;

    /// <summary>The client of CimHost in the guest.</summary>
    internal Wbemcli Client => new("http", "root", HostSettings.Password, $"127.0.0.1:{Guest.ForwardedPort}");

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        if (new GuestDeviceFactAttribute().Skip is not null)
        {
            return;
        }

        // QEMU reads it before the guest starts.
        using var tables = new TemporaryDirectory();
        string table = tables.PathOf("hardware.aml");
        (await Tool.RunAsync(Peer.Require("iasl"), "-p", table, Path.Combine(AppContext.BaseDirectory, "hardware.asl"))).Succeeded();

        // Nobody listens at the port of the BMC: this machine has none.
        Guest = await GuestMachine.BootAsync(
            s_modules,
            ["smartctl", "nvme", "dmidecode"],
            FreePort.Next(),
            [.. s_disks, .. s_firmware, "-acpitable", "file=" + table]);
        await StartHostAsync();

        // A package that did not come up in its time on the emulated processor is tried again, while the others are served.
        foreach (string name in (string[])["CimHost_DiskDrive", "CimHost_HwmonSensor", "CimHost_PowerSensor", "CimHost_PhysicalMemory"])
        {
            try
            {
                await Eventually.HoldsAsync(() => IsServedAsync(name), served => served, name, TimeSpan.FromMinutes(5), GuestHost.Pause);
            }
            catch (TimeoutException e)
            {
                throw new TimeoutException($"{e.Message}. The host printed:\n{await Guest.RunAsync("tail -n 60 /tmp/host.log")}", e);
            }
        }
    }

    // On a busy computer an answer in this time takes longer than the client waits.
    private async Task<bool> IsServedAsync(string name)
    {
        try
        {
            return (await Client.RunAsync("gc", "root/cimv2:" + name)).ExitCode == 0;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        if (Guest is not null)
        {
            await Guest.DisposeAsync();
        }
    }

    // Everything is slow on an emulated processor: what is tested is what is told, so the limits are far away. Every query reads the disks anew.
    private Task StartHostAsync() => Guest.RunAsync($$"""
        {{GuestHost.Environment}} CIMHOST_ROOT_PASSWORD={{HostSettings.Password}}
        /app/cimhost {{GuestHost.Serve}} --Dispatch:DeadlineSeconds=90 --Providers:CimHost.Providers.Storage:SampleAgeSeconds=0 --Providers:CimHost.Providers.Storage:DeviceTimeoutSeconds=80 --Providers:CimHost.Providers.Storage:CommandTimeoutSeconds=60 --Providers:CimHost.Providers.Power:ReadTimeoutMilliseconds=60000 --Providers:CimHost.Providers.Sensors:ReadTimeoutMilliseconds=60000 >/tmp/host.log 2>&1 &
        for second in $(seq 400); do
          grep -q '^cimhost ready' /tmp/host.log 2>/dev/null && exit 0
          sleep 1
        done
        cat /tmp/host.log
        exit 1
        """);
}

/// <summary>The tests that share <see cref="GuestDevices"/>.</summary>
[CollectionDefinition(Name)]
public sealed class GuestDevicesCollection : ICollectionFixture<GuestDevices>
{
    /// <summary>Name of the collection.</summary>
    public const string Name = "devices in the guest";
}
