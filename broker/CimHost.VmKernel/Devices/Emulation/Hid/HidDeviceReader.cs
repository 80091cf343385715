using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices.Emulation.Description;

namespace CimHost.VmKernel.Devices.Emulation.Hid;

/// <summary>Reads hid/*.json: who the device is, its report descriptor and its reports, in hexadecimal.</summary>
internal static class HidDeviceReader
{
    private const int LongestDescriptor = 4096;
    private const int LongestReport = 4096;
    private const int MostReports = 512;
    private const int MostLines = 1024;

    private static readonly Dictionary<string, byte> s_buses = new(StringComparer.Ordinal) { ["usb"] = 3, ["bluetooth"] = 5, ["virtual"] = 6, ["i2c"] = 0x18 };
    private static readonly Dictionary<string, byte> s_types = new(StringComparer.Ordinal) { ["input"] = 1, ["feature"] = 3 };

    public static HidDeviceDescription Read(MachineNode file)
    {
        MachineNode port = file.Required("port");
        var identity = new HidIdentity(
            file.Required("bus").AsName(s_buses),
            file.Required("vendor").AsInteger(0, 0xFFFF),
            file.Required("product").AsInteger(0, 0xFFFF),
            file.Optional("manufacturer")?.AsText(128) ?? string.Empty,
            file.Optional("productName")?.AsText(128) ?? string.Empty,
            file.Optional("serialNumber")?.AsText(128) ?? string.Empty);
        MachineNode descriptor = file.Required("reportDescriptor");
        byte[] bytes = [.. descriptor.AsList(MostLines).SelectMany(line => line.AsBytes(1, LongestDescriptor))];
        if (bytes.Length > LongestDescriptor)
        {
            throw descriptor.Wrong($"{bytes.Length} bytes found; expected at most {LongestDescriptor}.");
        }

        var reports = new Dictionary<(HidReportType, byte), byte[]>();
        foreach (MachineNode node in file.Required("reports").AsList(MostReports))
        {
            byte type = node.Required("type").AsName(s_types);
            byte[] data = node.Required("data").AsBytes(1, LongestReport);
            if (type is not (1 or 3) || !reports.TryAdd(((HidReportType)type, data[0]), data))
            {
                throw node.Wrong($"the report {data[0]} is there twice, or is neither input nor feature.");
            }

            node.End();
        }

        int timeout = file.Optional("timeoutMs")?.AsInteger(1, 60_000) ?? 5_000;
        file.End();
        string name = port.AsText(128);
        return name.Length > 0
            ? new HidDeviceDescription(name, identity, bytes, reports, TimeSpan.FromMilliseconds(timeout))
            : throw port.Expected("the name of a port");
    }
}
