using CimHost.VmKernel.Devices.Emulation;
using Xunit;

namespace CimHost.VmKernel.Tests.Emulation;

/// <summary>What a person reads who made a mistake in a file of a machine.</summary>
public sealed class MachineFileErrorsTests : IDisposable
{
    private readonly MachineFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("machine.json", "\"systemName\": \"box\"", "\"sytemName\": \"box\"", "machine.json:1: $: \"systemName\" is missing.")]
    [InlineData("machine.json", "2026-01-01", "yesterday", "machine.json:1: $.bios.date: \"yesterday\" found; expected a date such as 2026-03-18.")]
    [InlineData("machine.json", "\"box\"", "\"box", "machine.json:1: $: this is no JSON: ")]
    [InlineData("machine.json", "\"box\",", "\"box\", \"systemName\": \"b\",", "machine.json:1: $.systemName: the property is there twice.")]
    [InlineData("bmc/device.json", "3.21", "3.210", "bmc/device.json:1: $.firmware: \"3.210\" found; expected a version such as 3.21, up to 127.99.")]
    [InlineData("bmc/device.json", "192.0.2.1\"", "nowhere\"", "bmc/device.json:3: $.lan.gateway: \"nowhere\" found; expected an IPv4 address.")]
    [InlineData("bmc/device.json", "02:00:5e:10:00:01", "02:00", "bmc/device.json:3: $.lan.mac: \"02:00\" found; expected six bytes such as 02:00:5e:10:00:01.")]
    [InlineData("bmc/chassis.json", "\"intrusion\"", "\"burglar\"", "bmc/chassis.json:1: $.state[0]: \"burglar\" found; expected one of intrusion, frontPanelLockout, driveFault, coolingFault.")]
    [InlineData("bmc/sensors.json", "\"number\": 17", "\"number\": 16", "bmc/sensors.json:6: $.sensors[1].number: sensor number 16 on LUN 0 is taken or above 254; expected a free number.")]
    [InlineData("bmc/sensors.json", "processor.1", "procesor.1", "bmc/sensors.json:3: $.sensors[0].entity: \"procesor.1\" found; expected an entity and an instance from 0 to 127")]
    [InlineData("bmc/sensors.json", "\"Temp\"", "\"A name that is too long\"", "bmc/sensors.json:3: $.sensors[0].name: the text takes 23 bytes; expected at most 16.")]
    [InlineData("bmc/sensors.json", "\"upperCritical\": 90", "\"uperCritical\": 90", "bmc/sensors.json:5: $.sensors[0].thresholds.uperCritical: there is no such property; expected one of lowerCritical, ")]
    [InlineData("bmc/sensors.json", "\"upperCritical\": 90", "\"upperCritical\": 256", "bmc/sensors.json:5: $.sensors[0].thresholds.upperCritical: 256 found; expected a value that the sensor's factors can express, 0 to 255.")]
    [InlineData("bmc/sensors.json", "\"max\": 255, \"resolution\": 1 }, \"value\": 41", "\"max\": 500, \"resolution\": 1 }, \"value\": 41", "bmc/sensors.json:4: $.sensors[0].range: no factors of one byte cover 0 to 500 in steps of 1;")]
    [InlineData("bmc/sensors.json", "\"value\": 41,", "", "bmc/sensors.json:3: $.sensors[0]: \"value\" is missing (or \"raw\", or \"available\": false).")]
    [InlineData("bmc/sensors.json", "[0, 8]", "[0, 7]", "bmc/sensors.json:8: $.sensors[2].states: a state is asserted that \"supported\" does not list.")]
    [InlineData("bmc/sensors.json", "\"m\": 5", "\"m\": 0", "bmc/sensors.json:7: $.sensors[1].factors.m: 0 found; expected a multiplier other than 0.")]
    [InlineData("bmc/fru/0.json", "rackMount", "shoeBox", "bmc/fru/0.json:1: $.chassis.type: \"shoeBox\" found; expected a number or one of other, ")]
    [InlineData("bmc/fru/0.json", "\"size\": 64", "\"size\": 16", "bmc/fru/0.json:1: $.size: 16 found; expected at least 24, which the areas take.")]
    [InlineData("faults.json", "[]", "[ { \"match\": {}, \"effect\": \"explode\" } ]", "faults.json:1: $.rules[0].effect: \"explode\" found; expected one of hang, delay, ")]
    [InlineData("faults.json", "[]", "[ { \"match\": { \"command\": \"getSensorReeding\" }, \"effect\": \"hang\" } ]", "faults.json:1: $.rules[0].match.command: \"getSensorReeding\" found; expected one of GetChassisCapabilities, ")]
    [InlineData("faults.json", "[]", "[ { \"match\": {}, \"effect\": \"absent\" } ]", "faults.json:1: $.rules[0].effect: this effect is about files; expected \"path\" in \"match\".")]
    public void An_error_names_file_line_path_and_what_was_expected(string file, string old, string text, string expected)
    {
        _folder.Edit(file, old, text);
        var error = Assert.Throws<MachineFileException>(_folder.Open);
        Assert.StartsWith(expected, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void A_missing_file_or_directory_is_named()
    {
        File.Delete(Path.Combine(_folder.Path, "bmc/chassis.json"));
        Assert.Equal("bmc/chassis.json: the file is missing.", Assert.Throws<MachineFileException>(_folder.Open).Message);
        var error = Assert.Throws<MachineFileException>(() => EmulatedMachine.Open(_folder.Path + "/nowhere", _folder.Time, _folder));
        Assert.Equal($"{_folder.Path}/nowhere: there is no such directory; expected one with a machine.json.", error.Message);
    }

    [Fact]
    public void Nesting_size_and_two_files_for_one_FRU_are_refused()
    {
        _folder.Write("faults.json", new string('[', 1000));
        Assert.StartsWith("faults.json:1: $: this is no JSON: ", Assert.Throws<MachineFileException>(_folder.Open).Message, StringComparison.Ordinal);
        _folder.Write("faults.json", new string(' ', 1024 * 1024 + 1));
        Assert.Equal("faults.json: the file has 1048577 bytes; expected at most 1048576.", Assert.Throws<MachineFileException>(_folder.Open).Message);
        _folder.Write("faults.json", """{ "rules": [] }""");
        _folder.Write("bmc/fru/1.json", """{ "device": 0, "name": "Twin", "entity": "systemBoard.2" }""");
        Assert.Equal("bmc/fru/1.json:1: $.device: FRU device 0 is described by another file too.", Assert.Throws<MachineFileException>(_folder.Open).Message);
    }

    [Fact]
    public void A_machine_without_a_management_controller_has_no_port()
    {
        Directory.Delete(Path.Combine(_folder.Path, "bmc"), recursive: true);
        EmulatedMachine machine = _folder.Open();
        Assert.Empty(machine.IpmiPorts);
        Assert.Equal("box", machine.SystemName);
    }
}
