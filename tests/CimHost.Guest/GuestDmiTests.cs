using System.Globalization;
using CimHost.TestBed;
using Xunit;

namespace CimHost.Guest;

/// <summary>CimHost in the guest tells of the kernel's SMBIOS table what dmidecode prints of it there.</summary>
[Collection(GuestDevicesCollection.Name)]
public sealed class GuestDmiTests(GuestDevices devices)
{
    [GuestDeviceFact]
    public async Task Firmware_processors_memory_and_chassis_equal_dmidecode_s()
    {
        string output = await devices.Guest.RunAsync("dmidecode");
        if (FixtureUpdate.IsWanted)
        {
            await WriteFixtureAsync(output);
        }

        ILookup<string, IReadOnlyDictionary<string, string>> printed = Parse(output);
        Wbemcli client = devices.Client;

        IReadOnlyDictionary<string, string> bios = printed["BIOS Information"].Single();
        WbemcliObject firmware = Assert.Single(await client.EnumerateAsync("root/cimv2:CIM_BIOSElement"));
        Assert.Equal((bios["Vendor"], bios["Version"]), (firmware["Manufacturer"], firmware["Version"]));

        IReadOnlyDictionary<string, string>[] sockets = [.. printed["Processor Information"].Where(p => p["Status"].StartsWith("Populated", StringComparison.Ordinal))];
        IReadOnlyList<WbemcliObject> processors = await client.EnumerateAsync("root/cimv2:CIM_Processor");
        Assert.Equal(sockets.Length, processors.Count);
        foreach (IReadOnlyDictionary<string, string> socket in sockets)
        {
            WbemcliObject processor = processors.Single(p => p["SocketDesignation"] == socket["Socket Designation"]);
            Assert.Equal(socket["Manufacturer"], processor["Manufacturer"]);
            Assert.Equal(Number(socket["Max Speed"]), processor.Number("MaxClockSpeed"));
            Assert.Equal(Number(socket["Core Count"]), processor.Number("NumberOfCores"));
        }

        IReadOnlyDictionary<string, string>[] modules = [.. printed["Memory Device"].Where(m => m["Size"] != "No Module Installed")];
        IReadOnlyList<WbemcliObject> memory = await client.EnumerateAsync("root/cimv2:CIM_PhysicalMemory");
        Assert.Equal(modules.Length, memory.Count);
        foreach (IReadOnlyDictionary<string, string> module in modules)
        {
            WbemcliObject told = memory.Single(m => m["DeviceLocator"] == module["Locator"]);
            Assert.Equal(Bytes(module["Size"]), told.Number("Capacity"));
            Assert.Equal(module["Type"], told["MemoryTypeName"]);
        }

        IReadOnlyDictionary<string, string> chassis = printed["Chassis Information"].Single();
        WbemcliObject enclosure = (await client.EnumerateAsync("root/cimv2:CimHost_Chassis")).Single();
        Assert.Equal((chassis["Manufacturer"], chassis["Type"]), (enclosure["Manufacturer"], enclosure["ChassisTypeDescription"]));
    }

    // The table as the kernel shows it, and as expectation what dmidecode printed of it.
    private async Task WriteFixtureAsync(string printed)
    {
        string folder = FixtureUpdate.Folder("dmi", "qemu");
        string tables = Directory.CreateDirectory(Path.Combine(folder, "files/sys/firmware/dmi/tables")).FullName;
        await devices.Guest.RunAsync("cp /sys/firmware/dmi/tables/DMI /sys/firmware/dmi/tables/smbios_entry_point /work/");
        foreach (string name in (string[])["DMI", "smbios_entry_point"])
        {
            File.Copy(devices.Guest.WorkFile(name), Path.Combine(tables, name), overwrite: true);
        }

        await File.WriteAllTextAsync(Path.Combine(folder, "dmidecode.txt"), printed);
    }

    // Structures by their title, each with its fields.
    private static ILookup<string, IReadOnlyDictionary<string, string>> Parse(string output)
    {
        var structures = new List<(string Title, IReadOnlyDictionary<string, string> Fields)>();
        Dictionary<string, string> fields = [];
        string? before = null;
        foreach (string line in output.Split('\n'))
        {
            if (before?.StartsWith("Handle 0x", StringComparison.Ordinal) == true)
            {
                fields = [];
                structures.Add((line.Trim(), fields));
            }
            else if (line.StartsWith('\t') && !line.StartsWith("\t\t", StringComparison.Ordinal) && line.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon)
            {
                fields[line[1..colon]] = line[(colon + 1)..].Trim();
            }

            before = line;
        }

        return structures.ToLookup(s => s.Title, s => s.Fields);
    }

    private static decimal Number(string text) => decimal.Parse(text.Split(' ')[0], CultureInfo.InvariantCulture);

    private static decimal Bytes(string text) => Number(text) * text.Split(' ')[1] switch
    {
        "kB" => 1024m,
        "MB" => 1024m * 1024,
        "GB" => 1024m * 1024 * 1024,
        var unit => throw new FormatException(unit),
    };
}
