using CimHost.Providers.Storage.Devices;
using CimHost.Providers.Storage.Wire.Ata;
using Xunit;

namespace CimHost.Providers.Storage.Tests;

/// <summary>Raw values of attributes: each format as smartmontools shows it, and the drive database that chooses the format.</summary>
public sealed class AttributeFormatTests
{
    private const string Database = """
        /* drivedb.h in small */
        #define A 1
        const drive_settings builtin_knowndrives[] = {
          { "VERSION: 7.3/5319", "-", "-", "test", "" },
          { "DEFAULT", "-", "-", "Default settings",
            "-v 1,raw48,Raw_Read_Error_Rate -v 9,raw24(raw8),Power_On_Hours "
            "-v 196,raw16(raw16),Reallocated_Event_Count,HDD -v 233,raw48,Media_Wearout_Indicator,SSD" },
          { "Example SSDs", // a comment
            "EXAMPLE (860|870) (EVO|PRO) .*",
            "", "",
            "-v 9,msec24hour32 "
            "-v 241,raw48,Host_Writes_32MiB -v 5,raw16(raw16)+ -v 170,raw48:54,Strange \"quoted\" -F none"
          },
          { "Example with firmware", "EXAMPLE HDD", "CC4[0-9]", "Update the firmware!\nReally.", "-v 9,minutes -v 194,10xCelsius -v 190,unknown -v 7" },
          { "USB: Example bridge", "0x1234:0x5678", "", "", "-d sat" },
          { "Broken", "(", "", "", "-v 9,raw48,Never" },
        };
        """;

    [Theory]
    [InlineData(1, "raw48", "01 02 03 04 05 06", "6618611909121")]
    [InlineData(1, "raw8", "01 02 03 04 05 06", "6 5 4 3 2 1")]
    [InlineData(1, "raw16", "01 00 02 00 03 00", "3 2 1")]
    [InlineData(1, "hex48", "01 02 03 04 05 06", "0x060504030201")]
    [InlineData(1, "hex56", "01 02 03 04 05 06", "0x07060504030201")]
    [InlineData(1, "raw56", "01 00 00 00 00 00", "1970324836974593")]
    [InlineData(1, "raw64", "01 00 00 00 00 00", "90724")]
    [InlineData(1, "hex64", "01 02 03 04 05 06", "0x0605040302016264")]
    [InlineData(5, "raw16(raw16)", "0a 00 00 00 00 00", "10")]
    [InlineData(5, "raw16(raw16)", "0a 00 02 00 00 00", "10 (0 2)")]
    [InlineData(3, "raw16(avg16)", "0a 00 02 00 00 00", "10 (Average 2)")]
    [InlineData(3, "raw16(avg16)", "0a 00 00 00 00 00", "10")]
    [InlineData(9, "raw24(raw8)", "a0 86 01 00 00 00", "100000")]
    [InlineData(9, "raw24(raw8)", "a0 86 01 00 02 00", "100000 (0 2 0)")]
    [InlineData(193, "raw24/raw24", "05 00 00 07 00 00", "7/5")]
    [InlineData(7, "raw24/raw32", "04 03 02 01 05 00", "458757/16909060")]
    [InlineData(9, "sec2hour", "10 0e 00 00 00 00", "1h+00m+00s")]
    [InlineData(9, "sec2hour", "ff ff 00 00 00 00", "18h+12m+15s")]
    [InlineData(9, "min2hour", "3d 00 00 00 00 00", "1h+01m")]
    [InlineData(9, "min2hour", "3d 00 00 00 07 00", "1h+01m (7)")]
    [InlineData(9, "halfmin2hour", "f3 00 00 00 00 00", "2h+01m")]
    [InlineData(9, "msec24hour32", "64 00 00 00 39 30", "100h+07m+51.097s")]
    [InlineData(194, "tempminmax", "22 00 19 29 00 00", "34 (Min/Max 25/41)")]
    [InlineData(194, "tempminmax", "22 19 29 00 00 00", "34 (Min/Max 25/41)")]
    [InlineData(194, "tempminmax", "22 00 19 00 29 00", "34 (Min/Max 25/41)")]
    [InlineData(194, "tempminmax", "22 00 29 00 19 00", "34 (Min/Max 25/41)")]
    [InlineData(194, "tempminmax", "22 00 19 29 03 00", "34 (Min/Max 25/41 #3)")]
    [InlineData(194, "tempminmax", "22 00 00 00 00 00", "34")]
    [InlineData(194, "tempminmax", "fb ff f6 ff 05 00", "-5 (Min/Max -10/5)")]
    [InlineData(194, "tempminmax", "22 12 00 00 00 00", "34 (0 0 0 0 18)")]
    [InlineData(194, "temp10x", "5e 01 00 00 00 00", "35.0")]
    public void A_raw_value_is_shown_in_its_format(byte id, string format, string raw, string expected)
    {
        AttributeDefinition definition = AttributePresets.Read($"-v {id},{format}")[id].Definition;
        Assert.Equal(expected, RawValue.Text(Attribute(id, raw), definition));
    }

    [Fact]
    public void The_drive_database_tells_names_and_formats()
    {
        DriveDatabase database = DriveDatabase.Read(Database);
        Assert.Equal(3, database.Count);
        DriveEntry entry = database.Find("EXAMPLE 860 EVO 1TB", "RVT02B6Q")!;
        Assert.Equal("Example SSDs", entry.Family);
        IReadOnlyDictionary<byte, AttributePreset> presets = AttributePresets.Read(entry.Presets);
        Assert.Equal(RawFormat.Msec24Hour32, presets[9].Definition.Format);
        Assert.Equal("Host_Writes_32MiB", presets[241].Definition.Name);
        Assert.Equal(RawFormat.Raw16OptRaw16, presets[5].Definition.Format);
        Assert.Equal("54", presets[170].Definition.ByteOrder);
        Assert.Null(database.Find("EXAMPLE 860 EVO", "RVT02B6Q"));
        Assert.Null(database.Find("EXAMPLE HDD", "CC5A"));
        Assert.Equal("Update the firmware!\nReally.", database.Find("EXAMPLE HDD", "CC4A") is null ? database.Find("EXAMPLE HDD", "CC49")!.Warning : null);
    }

    [Fact]
    public void Old_short_forms_and_names_for_one_kind_of_drive_count()
    {
        DriveDatabase database = DriveDatabase.Read(Database);
        var names = new AttributeNames(database, Identity("EXAMPLE HDD", "CC49", 7200));
        Assert.Equal(("Power_On_Minutes", RawFormat.Min2Hour), (names[9].Name, names[9].Format));
        Assert.Equal(RawFormat.Temp10x, names[194].Format);
        Assert.Equal("Reallocated_Event_Count", names[196].Name);
        Assert.Equal("Unknown_HDD_Attribute", names[233].Name);
        var solid = new AttributeNames(database, Identity("EXAMPLE 860 EVO 1TB", "X", 1));
        Assert.Equal(("Power_On_Hours", RawFormat.Msec24Hour32), (solid[9].Name, solid[9].Format));
        Assert.Equal("Media_Wearout_Indicator", solid[233].Name);
        Assert.Equal("Unknown_SSD_Attribute", solid[196].Name);
    }

    private static DiskIdentity Identity(string model, string firmware, int rate) =>
        new() { Kind = DiskKind.Ata, DeviceId = "x", Model = model, SerialNumber = "1", Firmware = firmware, Interconnect = "SATA", RotationRate = rate };

    // Value 100 (64h), worst 98 (62h), reserved 7.
    private static SmartAttribute Attribute(byte id, string raw)
    {
        byte[] entry = [id, 0x32, 0, 100, 98, .. Convert.FromHexString(raw.Replace(" ", string.Empty, StringComparison.Ordinal)), 7];
        Assert.True(SmartAttribute.TryRead(entry, out SmartAttribute attribute));
        return attribute;
    }
}
