using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CimHost.TestBed;
using Xunit;

namespace CimHost.Guest;

/// <summary>Disks behind the kernel's own drivers: CimHost tells of them what smartctl and nvme tell in the same guest.</summary>
[Collection(GuestDevicesCollection.Name)]
public sealed class GuestStorageTests(GuestDevices devices)
{
    private const string DriveClass = "root/cimv2:CimHost_DiskDrive";

    // Fields of the health log as nvme names them, where CimHost keeps the names of the specification and smartctl.
    private static readonly Dictionary<string, string> s_names = new(StringComparer.Ordinal)
    {
        ["avail_spare"] = "available_spare",
        ["spare_thresh"] = "available_spare_threshold",
        ["percent_used"] = "percentage_used",
        ["endurance_grp_critical_warning_summary"] = "endurance_group_critical_warning",
        ["host_read_commands"] = "host_reads",
        ["host_write_commands"] = "host_writes",
    };

    [GuestDeviceFact]
    public async Task An_ATA_disk_on_AHCI_is_told_as_smartctl_tells_it_with_every_attribute()
    {
        (WbemcliObject drive, JsonElement printed) = await DriveAsync("SATA0001", "/dev/sda");

        Assert.Equal("ATA", drive["Protocol"]);
        Assert.Null(drive["Problems"]);
        JsonObject expected = SmartctlExpectation.Of(printed);
        Compare(drive, expected["drive"]!);
        Dictionary<string, WbemcliObject> told = await AttributesAsync(drive["DeviceID"]!);
        JsonObject attributes = expected["attributes"]!.AsObject();
        Assert.Equal(attributes.Select(a => a.Key).Order(StringComparer.Ordinal), told.Keys.Where(k => k.StartsWith("ata.", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.All(attributes, a => Compare(told[a.Key], a.Value!));
    }

    [GuestDeviceFact]
    public async Task An_NVMe_disk_is_told_as_smartctl_and_nvme_tell_it_with_every_field_of_its_health_log()
    {
        (WbemcliObject drive, JsonElement printed) = await DriveAsync("NVME0001", "/dev/nvme0");
        JsonElement controller = await JsonAsync("nvme id-ctrl /dev/nvme0 -o json");
        JsonElement health = await JsonAsync("nvme smart-log /dev/nvme0 -o json");
        JsonElement space = await JsonAsync("nvme id-ns /dev/nvme0 -n 1 -o json");

        Assert.Equal("NVME", drive["Protocol"]);
        Assert.Null(drive["Problems"]);
        JsonObject expected = SmartctlExpectation.Of(printed);
        Compare(drive, expected["drive"]!);
        Assert.Equal((Text(controller, "mn").Trim(), Text(controller, "sn").Trim(), Text(controller, "fr").Trim()), (drive["Model"], drive["SerialNumber"], drive["FirmwareVersion"]));
        Assert.Equal(Number(space, "nsze") * 512, drive.Number("CapacityBytes"));

        Dictionary<string, WbemcliObject> told = await AttributesAsync(drive["DeviceID"]!);
        JsonProperty[] fields = [.. health.EnumerateObject().Where(f => !f.Name.StartsWith("temperature_sensor", StringComparison.Ordinal))];
        Assert.True(fields.Length >= 20, $"nvme prints {fields.Length} fields only.");
        foreach (JsonProperty field in fields)
        {
            // Counters of 128 bits are texts.
            Assert.Equal(field.Value.ToString(), told["nvme." + s_names.GetValueOrDefault(field.Name, field.Name)]["RawText"]);
        }

        Assert.All(expected["attributes"]!.AsObject(), a => Compare(told[a.Key], a.Value!));

        WbemcliObject sensor = (await devices.Client.EnumerateAsync("root/cimv2:CimHost_DiskSensor")).Single(s => s["DeviceID"] == drive["DeviceID"] + "/temperature");
        Assert.Equal(
            (Number(health, "temperature") - 273, Number(controller, "wctemp") - 273, Number(controller, "cctemp") - 273),
            (sensor.Number("CurrentReading"), sensor.Number("UpperThresholdNonCritical"), sensor.Number("UpperThresholdCritical")));
    }

    [GuestDeviceFact]
    public async Task SCSI_disks_of_a_virtio_adapter_and_of_scsi_debug_are_told_as_smartctl_tells_them()
    {
        foreach (WbemcliObject drive in (await devices.Client.EnumerateAsync(DriveClass)).Where(d => d["Protocol"] == "SCSI"))
        {
            JsonElement printed = await SmartctlAsync("/dev/" + drive["KernelName"], "-a");
            Assert.Null(drive["Problems"]);
            Compare(drive, SmartctlExpectation.Of(printed)["drive"]!);
            if (drive["Model"] != "scsi_debug")
            {
                // QEMU's disk has no log pages.
                Assert.Null(drive["Temperature"]);
                continue;
            }

            WbemcliObject sensor = (await devices.Client.EnumerateAsync("root/cimv2:CimHost_DiskSensor")).Single(s => s["DeviceID"] == drive["DeviceID"] + "/temperature");
            Assert.Equal(Number(printed, "temperature", "drive_trip"), sensor.Number("UpperThresholdCritical"));
        }

        Assert.Equal(2, (await devices.Client.EnumerateAsync(DriveClass)).Count(d => d["Protocol"] == "SCSI"));
    }

    [GuestDeviceFact]
    public async Task A_critical_warning_of_the_NVMe_disk_is_a_failing_drive_in_the_next_poll_and_gone_in_the_one_after()
    {
        WbemcliObject drive = await ToldAsync("NVME0001");
        Assert.Equal(("5", "2"), (drive["HealthState"], drive["OperationalStatus"]));

        // Bit 2: the reliability is degraded (NVMe Base 2.0 §5.16.1.3). The host reads disks with every query here.
        const int Reliability = 4;
        await devices.Guest.SetAsync(GuestDevices.Nvme, "smart_critical_warning", Reliability);
        try
        {
            WbemcliObject failing = await ToldAsync("NVME0001");
            JsonElement printed = await SmartctlAsync("/dev/nvme0");
            Assert.False(printed.GetProperty("smart_status").GetProperty("passed").GetBoolean());
            Assert.Equal(("25", "5"), (failing["HealthState"], failing["OperationalStatus"]));
            Assert.Equal(Number(printed, "nvme_smart_health_information_log", "critical_warning"), (await AttributesAsync(failing["DeviceID"]!))["nvme.critical_warning"].Number("RawValue"));
        }
        finally
        {
            await devices.Guest.SetAsync(GuestDevices.Nvme, "smart_critical_warning", 0);
        }

        WbemcliObject sound = await ToldAsync("NVME0001");
        Assert.Equal(("5", "2"), (sound["HealthState"], sound["OperationalStatus"]));
    }

    [GuestDeviceFact]
    public async Task A_disk_that_is_replaced_is_noticed_without_a_restart()
    {
        Assert.Equal("naa.5000c50000000002", (await ToldAsync("SCSI0001"))["DeviceID"]);

        await devices.Guest.UnplugAsync(GuestDevices.Scsi);
        await SerialNumbersAsync(told => !told.Contains("SCSI0001"));
        await PlugInAsync("SCSI0009", 0x5000c50000000009);
        await SerialNumbersAsync(told => told.Contains("SCSI0009"));
        WbemcliObject replacement = await ToldAsync("SCSI0009");
        Assert.Equal("naa.5000c50000000009", replacement["DeviceID"]);
        Compare(replacement, SmartctlExpectation.Of(await SmartctlAsync("/dev/" + replacement["KernelName"]))["drive"]!);

        await devices.Guest.UnplugAsync(GuestDevices.Scsi);
        await SerialNumbersAsync(told => !told.Contains("SCSI0009"));
        await PlugInAsync("SCSI0001", 0x5000c50000000002);
        await SerialNumbersAsync(told => told.Contains("SCSI0001"));
    }

    private Task PlugInAsync(string serialNumber, ulong worldWideName) => devices.Guest.PlugInAsync(new JsonObject
    {
        ["driver"] = "scsi-hd",
        ["id"] = GuestDevices.Scsi,
        ["bus"] = "adapter.0",
        ["drive"] = "empty2",
        ["serial"] = serialNumber,
        ["vendor"] = "EXAMPLE",
        ["product"] = "SCSIDISK",
        ["wwn"] = worldWideName,
    });

    // A disk that goes in the middle of a query is an error of that query.
    private Task SerialNumbersAsync(Func<string?[], bool> holds) => Eventually.HoldsAsync(
        () => devices.Client.RunAsync("ei", ["-nl"], DriveClass),
        run => run.ExitCode == 0 && holds([.. Wbemcli.Parse(run.Output).Select(d => d["SerialNumber"])]),
        "the disks to change",
        TimeSpan.FromMinutes(2), GuestHost.Pause);

    private static void Compare(WbemcliObject told, JsonNode expected) =>
        Assert.All(expected.AsObject(), property => Assert.Equal((property.Key, property.Value?.GetValue<string>()), (property.Key, told[property.Key])));

    private async Task<WbemcliObject> ToldAsync(string serialNumber) => (await devices.Client.EnumerateAsync(DriveClass)).Single(d => d["SerialNumber"] == serialNumber);

    private async Task<(WbemcliObject Told, JsonElement Printed)> DriveAsync(string serialNumber, string node)
    {
        JsonElement printed = await SmartctlAsync(node);
        WbemcliObject told = await ToldAsync(serialNumber);
        Assert.Equal(node, "/dev/" + told["KernelName"]);
        return (told, printed);
    }

    private async Task<Dictionary<string, WbemcliObject>> AttributesAsync(string deviceId) =>
        (await devices.Client.EnumerateAsync("root/cimv2:CimHost_SmartAttribute")).Where(a => a["DriveID"] == deviceId).ToDictionary(a => a["Key"]!, StringComparer.Ordinal);

    // Its exit code tells what it thinks of the disk, which is in the output too.
    private Task<JsonElement> SmartctlAsync(string node, string what = "-x") => JsonAsync($"smartctl -j {what} {node} || [ $? -gt 2 ]");

    private async Task<JsonElement> JsonAsync(string command) => JsonDocument.Parse(await devices.Guest.RunAsync(command)).RootElement;

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static decimal Number(JsonElement element, params string[] path)
    {
        foreach (string name in path)
        {
            element = element.GetProperty(name);
        }

        return decimal.Parse(element.ToString(), CultureInfo.InvariantCulture);
    }
}
