using CimHost.VmKernel.Devices.Emulation;
using Xunit;
using static CimHost.VmKernel.Tests.Emulation.MachineBytes;

namespace CimHost.VmKernel.Tests.Emulation;

/// <summary>Records and areas that bmc/entities.json and bmc/fru/ turn into, byte by byte.</summary>
public sealed class RecordBytesTests : IDisposable
{
    private readonly MachineFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Controllers_associations_and_the_makers_records_follow_the_sensors()
    {
        _folder.Write("bmc/entities.json", """
            {
              "controllers": [ { "name": "BMC", "address": "0x20", "powerState": "0x20", "capabilities": "0x8F", "entity": "systemManagementModule.1" } ],
              "associations": [ { "container": "powerUnit.1 logical", "range": true, "contained": ["powerSupply.1", "powerSupply.2"] } ],
              "oemRecords": [ { "manufacturerId": 32473, "data": "01 52 32 00" } ]
            }
            """);
        EmulatedMachine machine = _folder.Open();
        Assert.Equal(Plain("00 09 00 08 00 51 12 0E 20 00 20 8F 00 00 00 06 01 00 C3 42 4D 43"), await machine.AskAsync("0A 23 00 00 08 00 00 FF"));
        Assert.Equal(Plain("00 0A 00 09 00 51 08 0B 13 81 80 0A 01 0A 02 00 00 00 00"), await machine.AskAsync("0A 23 00 00 09 00 00 FF"));
        Assert.Equal(Plain("00 FF FF 0A 00 51 C0 07 D9 7E 00 01 52 32 00"), await machine.AskAsync("0A 23 00 00 FF FF 00 FF"));
    }

    [Fact]
    public async Task Packed_texts_are_written_as_the_storage_definition_packs_them()
    {
        Fru("""
            "chassis": { "type": "rackMount", "partNumber": { "text": "IPMI", "encoding": "sixBit" }, "serialNumber": { "text": "12-3", "encoding": "bcdPlus" }, "custom": ["X"] }
            """);
        Assert.Equal(Plain("00 0E 01 02 17 83 29 DC A6 42 12 B3 81 38 C1 00"), await _folder.Open().AskAsync("0A 11 00 08 00 0E"));
    }

    [Fact]
    public async Task A_power_supply_and_its_output_are_written_as_multi_records()
    {
        Fru("""
            "multiRecords": [
              { "type": "powerSupply", "capacityWatts": 800, "peakVoltAmperes": 960, "inrushAmperes": 30, "inrushMs": 5, "inputVolts": { "min": 100, "max": 127 },
                "inputVolts2": { "min": 200, "max": 240 }, "inputHertz": { "min": 47, "max": 63 }, "dropoutMs": 12, "hotSwap": true, "autoswitch": true,
                "powerFactorCorrection": true, "peakWatts": 960, "holdUpSeconds": 1 },
              { "type": "dcOutput", "output": 2, "standby": true, "nominalVolts": 12, "minVolts": 11.4, "maxVolts": 12.6, "rippleMillivolts": 120, "minMilliamperes": 0, "maxMilliamperes": 3000 }
            ]
            """);
        EmulatedMachine machine = _folder.Open();
        Assert.Equal(Plain("00 08 01 00 00 00 00 01 00 FE"), await machine.AskAsync("0A 11 00 00 00 08"));
        Assert.Equal(
            Plain("00 1D 00 02 18 0D D9 20 03 C0 03 1E 05 10 27 9C 31 20 4E C0 5D 2F 3F 0C 0E C0 13 00 00 00 00"),
            await machine.AskAsync("0A 11 00 08 00 1D"));
        Assert.Equal(Plain("00 12 01 82 0D 27 49 82 B0 04 74 04 EC 04 78 00 00 00 B8 0B"), await machine.AskAsync("0A 11 00 25 00 12"));
    }

    [Fact]
    public async Task A_FRU_read_in_words_counts_in_words()
    {
        Fru("\"wordAccess\": true, \"image\": \"01 02 03 04 05 06 07 08\"");
        EmulatedMachine machine = _folder.Open();
        Assert.Equal(Plain("00 00 01 01"), await machine.AskAsync("0A 10 00"));
        Assert.Equal(Plain("00 02 03 04 05 06"), await machine.AskAsync("0A 11 00 01 00 02"));
    }

    [Fact]
    public async Task Sensors_that_share_a_record_answer_each_for_itself()
    {
        _folder.Write("bmc/sensors.json", """
            { "sensors": [ { "name": "Fan", "number": 48, "lun": 1, "entity": "fan.1", "type": "fan", "reading": "presence", "states": [1], "share": { "count": 3, "nameOffset": 1, "entityInstances": true } } ] }
            """);
        EmulatedMachine machine = _folder.Open();
        Assert.Equal(Plain("00 02 00 01 00 51 02 1E 20 01 30"), (await machine.AskAsync("0A 23 00 00 00 00 00 19"))[..22]);
        Assert.Equal(Plain("03 81"), (await machine.AskAsync("0A 23 00 00 00 00 00 19"))[^4..]);
        Assert.Equal(Plain("00 00 C0 02 80"), await machine.AskAsync("04 2D 32", lun: 1));
        Assert.Equal("CB", await machine.AskAsync("04 2D 33", lun: 1));
        Assert.Equal("CB", await machine.AskAsync("04 2D 32"));
    }

    private void Fru(string content) => _folder.Write("bmc/fru/0.json", $$"""{ "device": 0, "name": "Board", "entity": "systemBoard.1", {{content}} }""");
}
