using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices.Emulation;
using CimHost.VmKernel.Devices.Emulation.Live;
using CimHost.VmKernel.Tests.Devices.Capture;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;
using static CimHost.VmKernel.Tests.Emulation.MachineBytes;

namespace CimHost.VmKernel.Tests.Emulation;

/// <summary>Changes and faults of a running machine: each shows in the next answer, and none is left after it was taken back.</summary>
public sealed class LiveHardwareTests
{
    private const string InletReading = "04 2D 01";
    private const string Chip = "/sys/class/hwmon/hwmon0/temp1_input";

    private readonly ManualTime _time = new();
    private readonly EmulatedMachine _machine;
    private readonly LiveHardware _live;

    public LiveHardwareTests()
    {
        _machine = EmulatedMachine.Open(ReplayTests.Sample("rack-server").Directory, _time, NullLogger.Instance);
        _live = new LiveHardware(_machine);
    }

    [Fact]
    public async Task A_sensor_that_is_set_shows_its_value_until_it_is_cleared()
    {
        string before = await _machine.AskAsync(InletReading);
        _live.Set("Inlet Temp", "45");
        Assert.StartsWith(Plain("00 2D C0"), await _machine.AskAsync(InletReading), StringComparison.Ordinal);
        Assert.Equal(["set 45"], _live.List().Single(i => i.Name == "Inlet Temp").Changes);
        Assert.Contains("1 change was", _live.Clear("Inlet Temp"), StringComparison.Ordinal);
        Assert.Equal(before[..4], (await _machine.AskAsync(InletReading))[..4]);
        Assert.Throws<HardwareChangeException>(() => _live.Clear("Inlet Temp"));
    }

    [Theory]
    [InlineData("Inlet Temp", "1000", "can show")]
    [InlineData("Inlet Temp", "warm", "no number")]
    [InlineData("Inlet Tmp", "20", "did you mean Inlet Temp")]
    [InlineData("nvme0:colour", "20", "temperature")]
    [InlineData("sda:attribute.9", "-1", "whole number")]
    [InlineData("/sys/no/such", "1", "has no")]
    [InlineData("ipmi0", "1", "no value of its own")]
    [InlineData("powerSupply.1", "1", "no value of its own")]
    public void What_cannot_be_set_is_refused_with_what_can(string name, string value, string expected)
    {
        Assert.Contains(expected, Assert.Throws<HardwareChangeException>(() => _live.Set(name, value)).Message, StringComparison.Ordinal);
        Assert.All(_live.List(), i => Assert.Empty(i.Changes));
    }

    [Fact]
    public async Task Values_of_disks_are_those_of_their_logs()
    {
        _live.Set("nvme0:temperature", "80");
        _live.Set("sda:attribute.5", "77");
        NvmeAdminResponse health = await Disk("nvme0").NvmeAdminAsync(new NvmeAdminCommand(0x02, 0xFFFFFFFF, DataDirection.FromDevice, 512) { Dword10 = 0x007F0002 }, default);
        Assert.Equal(80 + 273, health.Data.Span[1] | (health.Data.Span[2] << 8));
        byte[] data = (await SmartAsync()).Data.ToArray();
        int at = Enumerable.Range(0, 30).Select(i => 2 + (12 * i)).First(i => data[i] == 5);
        Assert.Equal(77, data[at + 5]);
    }

    [Fact]
    public async Task A_slow_part_answers_when_its_delay_is_over_and_only_as_often_as_was_said()
    {
        _live.Break("sda", BreakKind.Slow, new BreakOptions { Delay = TimeSpan.FromSeconds(30), Count = 1 });
        Task<ScsiResponse> slow = SmartAsync();
        Assert.True((await InquiryAsync("sdb")).IsGood);
        Assert.True((await InquiryAsync("sda")).IsGood);
        Assert.False(slow.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(slow.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));
        await slow.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Theory]
    [InlineData("Inlet Temp")]
    [InlineData("ipmi0")]
    public async Task A_hung_part_answers_when_it_is_cleared(string part)
    {
        _live.Break(part, BreakKind.Hang, new BreakOptions());
        Task<string> hung = _machine.AskAsync(InletReading);
        Assert.False(hung.IsCompleted);
        if (part != "ipmi0")
        {
            await _machine.AskAsync("04 2D 02");
        }

        _live.Clear(null);
        Assert.StartsWith("00", await hung.WaitAsync(TimeSpan.FromSeconds(30)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answers_of_a_controller_and_of_a_disk_are_cut_and_damaged()
    {
        string whole = await _machine.AskAsync("06 01");
        byte[] inquiry = (await InquiryAsync("sde")).Data.ToArray();
        _live.Break("ipmi0", BreakKind.Truncate, new BreakOptions { Keep = 4 });
        _live.Break("sde", BreakKind.Corrupt, new BreakOptions { Offset = 8 });
        Assert.Equal(whole[..10], await _machine.AskAsync("06 01"));
        byte[] damaged = (await InquiryAsync("sde")).Data.ToArray();
        Assert.Equal(inquiry[8] ^ 0xFF, damaged[8]);
        damaged[8] = inquiry[8];
        Assert.Equal(inquiry, damaged);

        _live.Clear("ipmi0");
        Assert.Equal(whole, await _machine.AskAsync("06 01"));
        Assert.NotEqual(inquiry[8], (await InquiryAsync("sde")).Data.Span[8]);
        _live.Clear(null);
        Assert.Equal(inquiry, (await InquiryAsync("sde")).Data.ToArray());
    }

    [Fact]
    public async Task A_pulled_disk_is_gone_at_once_and_another_one_when_it_is_put_back()
    {
        int changes = 0;
        _machine.Changed += (_, _) => changes++;
        IDiskPort disk = Disk("sdc");
        _live.Break("sdc", BreakKind.Unplug, new BreakOptions());
        Assert.DoesNotContain(_machine.Disks, d => d.Name == "sdc");
        Assert.Equal(HardwareFault.Unavailable, (await Assert.ThrowsAsync<HardwareException>(async () => await disk.ScsiAsync(new ScsiCommand(new byte[6]), default))).Fault);
        Assert.Equal("unplugged", _live.List().Single(i => i.Name == "sdc").Value);
        Assert.Equal(1, changes);

        _live.Break("sdc", BreakKind.Plug, new BreakOptions());
        Assert.True((await InquiryAsync("sdc")).IsGood);
        Assert.NotSame(disk, Disk("sdc"));
        Assert.Equal(2, changes);
        Assert.Contains("not unplugged", Assert.Throws<HardwareChangeException>(() => _live.Break("sdc", BreakKind.Plug, new BreakOptions())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pulled_power_supply_is_seen_by_its_sensors_and_by_its_redundancy()
    {
        var before = new Dictionary<string, string>(_live.List().Select(i => KeyValuePair.Create(i.Name, i.Value)));
        _live.Break("powerSupply.2", BreakKind.Unplug, new BreakOptions());
        string[] changed = [.. _live.List().Where(i => before[i.Name] != i.Value).Select(i => $"{i.Name}: {i.Value}")];
        Assert.Contains("PSU2 Power In: not present", changed);
        Assert.True(changed.Length >= 4, string.Join(", ", changed));
        Assert.Equal("CB", await _machine.AskAsync("04 2D 3F"));
        _live.Break("powerSupply.2", BreakKind.Plug, new BreakOptions());
        Assert.All(_live.List(), i => Assert.Equal(before[i.Name], i.Value));
    }

    [Fact]
    public async Task A_failed_fan_stands_still_and_a_failed_disk_predicts_its_end()
    {
        _live.Break("Fan3", BreakKind.Fail, new BreakOptions());
        Assert.Equal("0", _live.List().Single(i => i.Name == "Fan3").Value);
        _live.Break("sde", BreakKind.Fail, new BreakOptions());
        ScsiResponse exceptions = await Disk("sde").ScsiAsync(ScsiCommand.Read(new byte[] { 0x4D, 0, 0x6F, 0, 0, 0, 0, 0, 64, 0 }, 64), default);
        Assert.Equal([0x5D, 0x10], exceptions.Data.ToArray()[8..10]);
        _live.Clear(null);
        Assert.NotEqual("0", _live.List().Single(i => i.Name == "Fan3").Value);
    }

    [Fact]
    public async Task A_file_is_known_by_the_link_that_leads_to_it_also_while_it_is_gone()
    {
        byte[] before = (await _machine.Files.ReadAsync(Chip, default))!;
        _live.Set(Chip, "91000");
        Assert.Equal("91000\n"u8.ToArray(), await _machine.Files.ReadAsync(Chip, default));
        Assert.Equal("91000\n"u8.ToArray(), await _machine.Files.ReadAsync(_machine.Files.Resolve(Chip)!, default));
        _live.Clear(Chip);
        Assert.Equal(before, await _machine.Files.ReadAsync(Chip, default));

        _live.Break(Chip, BreakKind.Unplug, new BreakOptions());
        Assert.False(_machine.Files.FileExists(Chip));
        Assert.DoesNotContain("temp1_input", _machine.Files.List("/sys/class/hwmon/hwmon0"));
        _live.Break(Chip, BreakKind.Plug, new BreakOptions());
        Assert.Equal(before, await _machine.Files.ReadAsync(Chip, default));
        _live.Break(Chip, BreakKind.Unplug, new BreakOptions());
        _live.Clear(Chip);
        Assert.True(_machine.Files.FileExists(Chip));
    }

    [Fact]
    public async Task A_file_fails_is_cut_damaged_and_late()
    {
        byte[] before = (await _machine.Files.ReadAsync(Chip, default))!;
        _live.Break(Chip, BreakKind.Fail, new BreakOptions { Count = 1 });
        await Assert.ThrowsAsync<HardwareException>(async () => await _machine.Files.ReadAsync(Chip, default));
        Assert.Equal(before, await _machine.Files.ReadAsync(Chip, default));
        _live.Clear(null);
        _live.Break(Chip, BreakKind.Truncate, new BreakOptions { Keep = 2 });
        Assert.Equal(before[..2], await _machine.Files.ReadAsync(Chip, default));
        _live.Clear(null);
        _live.Break(Chip, BreakKind.Corrupt, new BreakOptions { Offset = 0 });
        Assert.Equal((byte)~before[0], (await _machine.Files.ReadAsync(Chip, default))![0]);
        _live.Clear(null);
        _live.Break(Chip, BreakKind.Slow, new BreakOptions { Delay = TimeSpan.FromSeconds(5) });
        Task<byte[]?> late = _machine.Files.ReadAsync(Chip, default).AsTask();
        Assert.False(late.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(before, await late.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task An_element_of_an_enclosure_has_the_status_that_it_is_given()
    {
        byte[] before = await EnclosureAsync();
        _live.Set("sg12:Slot 00", "nonCritical");
        byte[] after = await EnclosureAsync();
        int[] different = [.. Enumerable.Range(0, before.Length).Where(i => before[i] != after[i])];
        Assert.Contains(different, i => (before[i] & 0x0F, after[i] & 0x0F) == (1, 3));
        _live.Break("sg12:Slot 00", BreakKind.Unplug, new BreakOptions());
        Assert.Equal("notInstalled", _live.List().Single(i => i.Name == "sg12:Slot 00").Value);
        _live.Clear(null);
        Assert.Equal(before, await EnclosureAsync());
    }

    [Fact]
    public async Task A_HID_device_is_set_broken_pulled_and_put_back()
    {
        EmulatedMachine box = EmulatedMachine.Open(ReplayTests.Sample("edge-box").Directory, _time, NullLogger.Instance);
        var live = new LiveHardware(box);
        IHidPort ups = box.HidDevices.Single();
        HardwareItem item = live.List().Single(i => i.Kind == "hid");
        string report = item.Settable.First(s => s.StartsWith("feature.", StringComparison.Ordinal));
        byte id = byte.Parse(report.Split('.')[1], System.Globalization.CultureInfo.InvariantCulture);
        byte[] before = (await ups.GetReportAsync(HidReportType.Feature, id, 64, default)).Data.ToArray();
        byte[] other = [id, .. before[1..].Select(b => (byte)(b + 1))];

        live.Set($"{ups.Name}:{report}", Convert.ToHexString(other));
        Assert.Equal(other, (await ups.GetReportAsync(HidReportType.Feature, id, 64, default)).Data.ToArray());
        Assert.Throws<HardwareChangeException>(() => live.Set($"{ups.Name}:{report}", "FF 00"));
        live.Break(ups.Name, BreakKind.Fail, new BreakOptions { Count = 1 });
        Assert.Equal(HardwareFault.Unsupported, (await Assert.ThrowsAsync<HardwareException>(async () => await ups.GetReportAsync(HidReportType.Feature, id, 64, default))).Fault);
        live.Break(ups.Name, BreakKind.Truncate, new BreakOptions { Keep = 1 });
        Assert.Single((await ups.GetReportAsync(HidReportType.Feature, id, 64, default)).Data.ToArray());
        live.Clear(ups.Name);
        Assert.Equal(before, (await ups.GetReportAsync(HidReportType.Feature, id, 64, default)).Data.ToArray());

        int changes = 0;
        box.Changed += (_, _) => changes++;
        live.Break(ups.Name, BreakKind.Unplug, new BreakOptions());
        Assert.Empty(box.HidDevices);
        Assert.Equal(HardwareFault.Unavailable, (await Assert.ThrowsAsync<HardwareException>(async () => await ups.GetReportAsync(HidReportType.Feature, id, 64, default))).Fault);
        live.Break(ups.Name, BreakKind.Plug, new BreakOptions());
        Assert.Equal(before, (await box.HidDevices.Single().GetReportAsync(HidReportType.Feature, id, 64, default)).Data.ToArray());
        Assert.Equal(2, changes);
    }

    [Fact]
    public void Every_name_of_the_list_can_be_broken_and_cleared_again()
    {
        foreach (HardwareItem item in _live.List())
        {
            BreakKind kind = item.Kind switch { "part" or "element" => BreakKind.Unplug, "chassis" => BreakKind.Intrusion, _ => BreakKind.Slow };
            Assert.NotEmpty(_live.Break(item.Name, kind, new BreakOptions()));
            Assert.Equal([kind.ToString().ToLowerInvariant()], _live.List().Single(i => i.Name == item.Name && i.Kind == item.Kind).Changes);
            Assert.StartsWith("1 change", _live.Clear(item.Name), StringComparison.Ordinal);
        }
    }

    private IDiskPort Disk(string name) => _machine.Disks.Single(d => d.Name == name);

    private async Task<ScsiResponse> InquiryAsync(string disk) => await Disk(disk).ScsiAsync(ScsiCommand.Read(new byte[] { 0x12, 0, 0, 0, 96, 0 }, 96), default);

    private async Task<ScsiResponse> SmartAsync() =>
        await Disk("sda").ScsiAsync(ScsiCommand.Read(new byte[] { 0x85, 0x08, 0x0E, 0, 0xD0, 0, 1, 0, 0, 0, 0x4F, 0, 0xC2, 0, 0xB0, 0 }, 512), default);

    private async Task<byte[]> EnclosureAsync() => (await Disk("sg12").ScsiAsync(ScsiCommand.Read(new byte[] { 0x1C, 1, 2, 0x10, 0, 0 }, 4096), default)).Data.ToArray();
}
