using System.Globalization;
using CimHost.Providers.Ipmi.Model;
using CimHost.Providers.Ipmi.Wire.Sel;
using CimHost.Sdk.Cim;

namespace CimHost.Providers.Ipmi.Cim;

/// <summary>What the two classes of log records have in common: identity, raw content, severity.</summary>
internal static class EventRecords
{
    private const string EventFormat =
        "*string CIM_Sensor.DeviceID*uint8[2] IPMI_RecordID*uint8 IPMI_RecordType*uint8[4] IPMI_Timestamp*uint8[2] IPMI_GeneratorID*uint8 IPMI_EvMRev"
        + "*uint8 IPMI_SensorType*uint8 IPMI_SensorNumber*boolean IPMI_AssertionEvent*uint8 IPMI_EventType*uint8 IPMI_EventData1*uint8 IPMI_EventData2"
        + "*uint8 IPMI_EventData3*uint32 IANA*";

    private const string OemFormat = "*uint8[2] IPMI_RecordID*uint8 IPMI_RecordType*uint8[13] IPMI_OEMData*";

    /// <summary>
    /// Identity of a record: its id, and a checksum of its content, because a controller gives the ids anew after its log was erased.
    /// </summary>
    public static string InstanceId(BmcModel model, SelRecord record) => $"{IpmiPaths.LogId(model)}.{RecordId(record)}.{Checksum(record):x8}";

    /// <summary>The record id as IPMI tools show it, four hexadecimal digits.</summary>
    public static string RecordId(SelRecord record) => record.Id.ToString("x4", CultureInfo.InvariantCulture);

    /// <summary>Sets what both classes tell alike.</summary>
    public static void Describe(CimInstance instance, SelEvent logged, BmcInventory inventory)
    {
        instance["ElementName"] = $"{IpmiPaths.LogName} record {RecordId(logged.Record)}";
        instance["Caption"] = logged.Message;
        instance["Description"] = logged.Message;
        instance["RecordID"] = RecordId(logged.Record);
        instance["RecordFormat"] = logged.Record.IsEvent ? EventFormat : OemFormat;
        instance["RecordData"] = Data(logged, inventory.Device.ManufacturerId);
        instance["Locale"] = "en";
        instance["PerceivedSeverity"] = logged.PerceivedSeverity;
    }

    private static string Data(SelEvent logged, int manufacturer)
    {
        ReadOnlySpan<byte> r = logged.Record.Bytes;
        if (!logged.Record.IsEvent)
        {
            return $"*{Numbers(r[..2])}*{r[2]}*{Numbers(r[3..])}*";
        }

        return string.Create(
            CultureInfo.InvariantCulture,
            $"*{logged.Sensor?.DeviceId}*{Numbers(r[..2])}*{r[2]}*{Numbers(r[3..7])}*{Numbers(r[7..9])}*{r[9]}*{r[10]}*{r[11]}*{(logged.Record.IsAssertion ? "true" : "false")}*{logged.Record.EventType}*{r[13]}*{r[14]}*{r[15]}*{manufacturer}*");
    }

    private static string Numbers(ReadOnlySpan<byte> bytes) => string.Join(' ', bytes.ToArray());

    // FNV-1a over what the record says, the id aside.
    private static uint Checksum(SelRecord record)
    {
        uint hash = 2166136261;
        foreach (byte b in record.Bytes[2..])
        {
            hash = unchecked((hash ^ b) * 16777619);
        }

        return hash;
    }
}
