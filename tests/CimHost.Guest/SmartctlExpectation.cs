using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CimHost.Guest;

/// <summary>
/// What CimHost has to tell of a disk, taken from what smartctl prints of it (<c>-j -x</c>): the properties of the drive, and those of its
/// attributes by key, in the form of <c>expected.json</c> of tests/fixtures/disks.
/// </summary>
internal static class SmartctlExpectation
{
    /// <summary>Parts <c>drive</c> and <c>attributes</c>; values are texts as a CIM client shows them, or null.</summary>
    public static JsonObject Of(JsonElement printed)
    {
        string protocol = printed.GetProperty("device").GetProperty("protocol").GetString()!;
        JsonObject drive = new()
        {
            ["ReadingState"] = "Ok",
            ["HealthState"] = !printed.TryGetProperty("smart_status", out JsonElement status) ? "0" : status.GetProperty("passed").GetBoolean() ? "5" : "25",
            ["SerialNumber"] = Text(printed, "serial_number"),
        };
        JsonObject attributes = [];
        switch (protocol)
        {
            case "ATA":
                Ata(printed, drive, attributes);
                break;
            case "NVMe":
                Nvme(printed, drive, attributes);
                break;
            case "SCSI":
                Scsi(printed, drive);
                break;
            default:
                throw new FormatException($"smartctl prints a disk of the protocol {protocol}.");
        }

        return attributes.Count == 0 ? new JsonObject { ["drive"] = drive } : new JsonObject { ["drive"] = drive, ["attributes"] = attributes };
    }

    private static void Ata(JsonElement printed, JsonObject drive, JsonObject attributes)
    {
        JsonElement wwn = printed.GetProperty("wwn");
        ulong name = (wwn.GetProperty("naa").GetUInt64() << 60) | (wwn.GetProperty("oui").GetUInt64() << 36) | wwn.GetProperty("id").GetUInt64();
        drive["DeviceID"] = $"naa.{name:x16}";
        drive["Model"] = Text(printed, "model_name");
        drive["FirmwareVersion"] = Text(printed, "firmware_version");
        drive["PhysicalBlockSize"] = Text(printed, "physical_block_size");
        drive["RPM"] = Text(printed, "rotation_rate");
        Capacity(printed, drive);
        Times(printed, drive);
        drive["Temperature"] = Text(printed, "temperature", "current");
        foreach (JsonElement attribute in printed.GetProperty("ata_smart_attributes").GetProperty("table").EnumerateArray())
        {
            attributes["ata." + attribute.GetProperty("id")] = new JsonObject
            {
                ["ElementName"] = Text(attribute, "name"),
                ["CurrentValue"] = Text(attribute, "value"),
                ["WorstValue"] = Text(attribute, "worst"),
                ["Threshold"] = Text(attribute, "thresh"),
                ["Flags"] = Text(attribute, "flags", "value"),
                ["PreFailure"] = attribute.GetProperty("flags").GetProperty("prefailure").GetBoolean() ? "TRUE" : "FALSE",
                ["RawText"] = Text(attribute, "raw", "string"),
                ["Failed"] = Text(attribute, "when_failed") switch
                {
                    "" => "Never",
                    "past" => "In The Past",
                    "now" => "Now",
                    var other => throw new FormatException($"smartctl prints when_failed as '{other}'."),
                },
            };
        }
    }

    private static void Nvme(JsonElement printed, JsonObject drive, JsonObject attributes)
    {
        drive["Model"] = Text(printed, "model_name");
        drive["FirmwareVersion"] = Text(printed, "firmware_version");
        drive["ProtocolVersion"] = Text(printed, "nvme_version", "string") + ".0";
        Times(printed, drive);
        drive["Temperature"] = Text(printed, "temperature", "current");
        foreach (JsonProperty field in printed.GetProperty("nvme_smart_health_information_log").EnumerateObject().Where(f => f.Name != "temperature"))
        {
            attributes["nvme." + field.Name] = new JsonObject { ["RawText"] = field.Value.ToString() };
        }
    }

    private static void Scsi(JsonElement printed, JsonObject drive)
    {
        drive["DeviceID"] = "naa." + Text(printed, "logical_unit_id")[2..];
        drive["Vendor"] = Text(printed, "scsi_vendor");
        drive["Model"] = Text(printed, "scsi_product");
        drive["FirmwareVersion"] = Text(printed, "scsi_revision");
        Capacity(printed, drive);

        // Of a disk that has no log pages smartctl prints a temperature of 0; absence is no 0 here.
        string? temperature = printed.TryGetProperty("temperature", out JsonElement told) ? Text(told, "current") : null;
        drive["Temperature"] = temperature is "0" ? null : temperature;
    }

    private static void Capacity(JsonElement printed, JsonObject drive)
    {
        drive["CapacityBytes"] = Text(printed, "user_capacity", "bytes");
        drive["DefaultBlockSize"] = Text(printed, "logical_block_size");
    }

    private static void Times(JsonElement printed, JsonObject drive)
    {
        drive["PowerCycles"] = Text(printed, "power_cycle_count");
        drive["TotalPowerOnHours"] = Text(printed, "power_on_time", "hours");
    }

    private static string Text(JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (string name in path)
        {
            element = element.GetProperty(name);
        }

        return element.ValueKind == JsonValueKind.String ? element.GetString()! : element.GetDecimal().ToString(CultureInfo.InvariantCulture);
    }
}
