using System.Globalization;
using System.Text.Json;
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
        Assert.Equal(Text(printed, "model_name"), drive["Model"]);
        CompareCommon(drive, printed, Text(printed, "firmware_version"));
        Assert.Equal(Number(printed, "physical_block_size"), drive.Number("PhysicalBlockSize"));
        Assert.Equal(Number(printed, "rotation_rate"), drive.Number("RPM"));
        Assert.Equal(Number(printed, "power_cycle_count"), drive.Number("PowerCycles"));
        Assert.Equal(Number(printed, "power_on_time", "hours"), drive.Number("TotalPowerOnHours"));
        Assert.Equal(Number(printed, "temperature", "current"), drive.Number("Temperature"));
        JsonElement wwn = printed.GetProperty("wwn");
        ulong name = (wwn.GetProperty("naa").GetUInt64() << 60) | (wwn.GetProperty("oui").GetUInt64() << 36) | wwn.GetProperty("id").GetUInt64();
        Assert.Equal($"naa.{name:x16}", drive["DeviceID"]);

        JsonElement[] table = [.. printed.GetProperty("ata_smart_attributes").GetProperty("table").EnumerateArray()];
        Dictionary<string, WbemcliObject> told = await AttributesAsync(drive["DeviceID"]!);
        Assert.Equal(table.Select(a => "ata." + a.GetProperty("id")).Order(StringComparer.Ordinal), told.Keys.Where(k => k.StartsWith("ata.", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        foreach (JsonElement attribute in table)
        {
            WbemcliObject one = told["ata." + attribute.GetProperty("id")];
            Assert.Equal(Text(attribute, "name"), one["ElementName"]);
            Assert.Equal(
                (Number(attribute, "value"), Number(attribute, "worst"), Number(attribute, "thresh"), Number(attribute, "flags", "value")),
                (one.Number("CurrentValue"), one.Number("WorstValue"), one.Number("Threshold"), one.Number("Flags")));
            Assert.Equal(Text(attribute.GetProperty("raw"), "string"), one["RawText"]);
            Assert.Equal(attribute.GetProperty("flags").GetProperty("prefailure").GetBoolean() ? "TRUE" : "FALSE", one["PreFailure"]);
            Assert.Equal(string.Empty, Text(attribute, "when_failed"));
            Assert.Equal("Never", one["Failed"]);
        }
    }

    [GuestDeviceFact]
    public async Task An_NVMe_disk_is_told_as_smartctl_and_nvme_tell_it_with_every_field_of_its_health_log()
    {
        (WbemcliObject drive, JsonElement printed) = await DriveAsync("NVME0001", "/dev/nvme0");
        JsonElement controller = await JsonAsync("nvme id-ctrl /dev/nvme0 -o json");
        JsonElement health = await JsonAsync("nvme smart-log /dev/nvme0 -o json");
        JsonElement space = await JsonAsync("nvme id-ns /dev/nvme0 -n 1 -o json");

        Assert.Equal("NVME", drive["Protocol"]);
        CompareCommon(drive, printed, Text(printed, "firmware_version"), capacity: false);
        Assert.Equal((Text(controller, "mn").Trim(), Text(controller, "sn").Trim(), Text(controller, "fr").Trim()), (drive["Model"], drive["SerialNumber"], drive["FirmwareVersion"]));
        Assert.Equal(Number(space, "nsze") * 512, drive.Number("CapacityBytes"));
        Assert.Equal(Number(printed, "temperature", "current"), drive.Number("Temperature"));
        Assert.Equal(Number(printed, "power_on_time", "hours"), drive.Number("TotalPowerOnHours"));
        Assert.Equal(Number(printed, "power_cycle_count"), drive.Number("PowerCycles"));
        Assert.Equal(Text(printed.GetProperty("nvme_version"), "string") + ".0", drive["ProtocolVersion"]);

        Dictionary<string, WbemcliObject> told = await AttributesAsync(drive["DeviceID"]!);
        JsonProperty[] fields = [.. health.EnumerateObject().Where(f => !f.Name.StartsWith("temperature_sensor", StringComparison.Ordinal))];
        Assert.True(fields.Length >= 20, $"nvme prints {fields.Length} fields only.");
        foreach (JsonProperty field in fields)
        {
            // Counters of 128 bits are texts.
            Assert.Equal(field.Value.ToString(), told["nvme." + s_names.GetValueOrDefault(field.Name, field.Name)]["RawText"]);
        }

        foreach (JsonProperty field in printed.GetProperty("nvme_smart_health_information_log").EnumerateObject().Where(f => f.Name != "temperature"))
        {
            Assert.Equal(field.Value.ToString(), told["nvme." + field.Name]["RawText"]);
        }

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
            Assert.Equal((Text(printed, "scsi_vendor"), Text(printed, "scsi_product")), (drive["Vendor"], drive["Model"]));
            CompareCommon(drive, printed, Text(printed, "scsi_revision"), health: printed.TryGetProperty("smart_status", out _));
            Assert.Equal("naa." + Text(printed, "logical_unit_id")[2..], drive["DeviceID"]);
            if (drive["Model"] != "scsi_debug")
            {
                // Of QEMU's disk, which has no log pages, smartctl prints a temperature of 0; absence is no 0 here.
                Assert.Null(drive["Temperature"]);
                continue;
            }

            Assert.Equal(Number(printed, "temperature", "current"), drive.Number("Temperature"));
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

    private static void CompareCommon(WbemcliObject drive, JsonElement printed, string firmware, bool capacity = true, bool health = true)
    {
        Assert.Equal(Text(printed, "serial_number"), drive["SerialNumber"]);
        Assert.Equal(firmware, drive["FirmwareVersion"]);
        if (capacity)
        {
            Assert.Equal(Number(printed, "user_capacity", "bytes"), drive.Number("CapacityBytes"));
            Assert.Equal(Number(printed, "logical_block_size"), drive.Number("DefaultBlockSize"));
        }

        Assert.Equal(!health ? "0" : printed.GetProperty("smart_status").GetProperty("passed").GetBoolean() ? "5" : "25", drive["HealthState"]);
        Assert.Equal("Ok", drive["ReadingState"]);
        Assert.Null(drive["Problems"]);
    }

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
