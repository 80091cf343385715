using CimHost.VmKernel.Devices.Emulation;
using Xunit;
using static CimHost.VmKernel.Tests.Emulation.MachineBytes;

namespace CimHost.VmKernel.Tests.Emulation;

/// <summary>Each command of the emulated controller, request and answer byte by byte.</summary>
public sealed class ControllerBytesTests : IDisposable
{
    private readonly MachineFolder _folder = new();
    private readonly EmulatedMachine _machine;

    public ControllerBytesTests() => _machine = _folder.Open();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("06 01", "00 20 01 03 21 02 8F D9 7E 00 52 02 01 02 03 04")] // Get Device ID
    [InlineData("06 04", "00 55 00")] // Get Self Test Results
    [InlineData("06 07", "00 00 00")] // Get ACPI Power State
    [InlineData("06 08", "00 FF EE DD CC BB AA 99 88 77 66 55 44 33 22 11 00")] // Get Device GUID, least significant byte first
    [InlineData("06 37", "00 FF EE DD CC BB AA 99 88 77 66 55 44 33 22 11 00")] // Get System GUID
    [InlineData("06 25", "00 04 01 00 00 B8 0B B8 0B")] // Get Watchdog Timer: 300 s = 3000 counts
    [InlineData("06 42 01", "00 01 04 01 80 F2 1B 00 00 00")] // Get Channel Info
    [InlineData("06 59 00 01 00 00", "00 11 00 00 03 31 2E 30 00 00 00 00 00 00 00 00 00 00 00")] // firmware version "1.0"
    [InlineData("06 59 00 02 00 00", "00 11 00 00 03 62 6F 78 00 00 00 00 00 00 00 00 00 00 00")] // system name "box"
    [InlineData("06 59 80 02 00 00", "00 11")] // parameter revision only
    [InlineData("06 59 00 02 01 00", "C9")] // no second block
    [InlineData("06 59 00 04 00 00", "80")] // no operating system name given
    [InlineData("00 00", "00 00 20 20 20 20")] // Get Chassis Capabilities
    [InlineData("00 01", "00 21 00 41")] // Get Chassis Status: on, restore previous; intrusion, identify supported
    [InlineData("00 07", "00 01 00")] // Get System Restart Cause
    [InlineData("00 0F", "00 3C 67 12 00 00")] // Get POH Counter: 4711 h
    [InlineData("0C 02 01 03 00 00", "00 11 C0 00 02 0A")] // IP address
    [InlineData("0C 02 01 05 00 00", "00 11 02 00 5E 10 00 01")] // MAC address
    [InlineData("0C 02 01 63 00 00", "80")] // no such parameter
    [InlineData("0C 02 02 03 00 00", "CC")] // no such channel
    [InlineData("04 23 10 29", "00 29 01 00 00 00 00 00")] // Get Sensor Reading Factors
    [InlineData("04 23 11 00", "00 00 05 02 00 00 00 E0")] // M 5, tolerance 2 half counts, R exponent -2
    [InlineData("04 25 10 FF", "00 02 02")] // Get Sensor Hysteresis
    [InlineData("04 27 10", "00 1A 00 05 00 50 5A 00")] // Get Sensor Thresholds
    [InlineData("04 27 12", "CD")] // a discrete sensor has none
    [InlineData("04 29 10", "00 C0 84 02 84 02")] // Get Sensor Event Enable: LC low, UNC high, UC high
    [InlineData("04 2B 10", "00 C0 00 00 00 00")] // Get Sensor Event Status
    [InlineData("04 2D 10", "00 29 C0 C0")] // Get Sensor Reading: 41
    [InlineData("04 2D 11", "00 9C C0 C0")] // -5 V = -100 counts
    [InlineData("04 2D 12", "00 00 C0 01 81")] // states 0 and 8
    [InlineData("04 2D 13", "00 00 A0 C0")] // scanning off: unavailable
    [InlineData("04 2D 14", "CB")] // not present
    [InlineData("04 2D 15", "CB")] // only sends events
    [InlineData("04 2D 77", "CB")] // no such sensor
    [InlineData("04 2F 12", "00 0D 6F")] // Get Sensor Type
    [InlineData("0A 10 00", "00 40 00 00")] // Get FRU Inventory Area Info
    [InlineData("0A 10 09", "CB")] // no such FRU
    [InlineData("0A 11 00 00 00 08", "00 08 01 00 01 00 00 00 00 FE")] // common header
    [InlineData("0A 11 00 08 00 10", "00 10 01 02 17 C2 50 31 C3 53 31 32 C1 00 00 00 00 69")] // chassis area
    [InlineData("0A 11 00 3E 00 10", "00 02 00 00")] // the end of the area cuts the read
    [InlineData("0A 11 00 40 00 01", "C9")] // behind the end
    [InlineData("0A 11 00 00 00 21", "CA")] // more than the controller gives at once
    [InlineData("0A 22", "00 01 00")] // Reserve SDR Repository
    [InlineData("0A 40", "00 51 00 00 00 20 FF FF FF FF FF FF FF FF 0B")] // Get SEL Info
    [InlineData("0A 43 00 00 00 00 00 FF", "CB")] // the log is empty
    [InlineData("0A 48", "00 40 01 45 6A")] // Get SEL Time: 2026-07-01 12:00:00
    [InlineData("0A 5C", "00 00 00")] // Get SEL Time UTC Offset
    [InlineData("06 77", "C1")] // unknown command
    [InlineData("2C 01", "C1")] // unknown network function
    [InlineData("07 01", "C1")] // a response is no request
    [InlineData("06 01 00", "C7")] // too long
    [InlineData("04 2D", "C7")] // too short
    public async Task A_command_answers_these_bytes(string request, string expected) => Assert.Equal(Plain(expected), await _machine.AskAsync(request));

    [Theory]
    [InlineData("04 20", "00 06 81 40 01 45 6A")] // Get Device SDR Info: six sensors, on LUN 0, since the clock's first instant
    [InlineData("04 20 01", "00 07 81 40 01 45 6A")] // seven records
    [InlineData("0A 20", "00 51 07 00 A0 FE 40 01 45 6A 40 01 45 6A 23")] // Get SDR Repository Info
    [InlineData("0A 21", "00 00 10 10 00 EA 0F EA 0F 04")] // Get SDR Repository Allocation Info: 22 of 4096 units in use
    [InlineData("0A 41", "00 00 02 10 00 00 02 00 02 01")] // Get SEL Allocation Info
    public async Task The_repositories_describe_themselves(string request, string expected) => Assert.Equal(Plain(expected), await _machine.AskAsync(request));

    [Fact]
    public async Task A_full_record_is_read_in_parts_under_a_reservation()
    {
        const string Record =
            "01 00 51 01 2F 20 00 10 03 01 7B 58 01 01 84 22 84 32 1A 1A 00 01 00 00 01 00 00 00 00 00 00 00 00 00 FF 00 00 5A 50 00 05 00 02 02 00 00 00 C4 54 65 6D 70";
        Assert.Equal("CA", await _machine.AskAsync("0A 23 00 00 00 00 00 FF"));
        Assert.Equal(Plain("00 02 00 01 00 51 01 2F"), await _machine.AskAsync("0A 23 00 00 00 00 00 05"));
        Assert.Equal("C5", await _machine.AskAsync("0A 23 00 00 01 00 05 10"));
        Assert.Equal(Plain("00 01 00"), await _machine.AskAsync("0A 22"));
        string first = await _machine.AskAsync("0A 23 01 00 01 00 00 20");
        string second = await _machine.AskAsync("0A 23 01 00 01 00 20 FF");
        Assert.Equal(Plain(Record), first[6..] + second[6..]);
        Assert.Equal("C9", await _machine.AskAsync("0A 23 01 00 01 00 34 01"));
        Assert.Equal("CB", await _machine.AskAsync("0A 23 01 00 63 00 00 05"));
    }

    [Theory]
    [InlineData("03 00", "04 00 03 00 51 02 1F 20 00 12 04 01 63 40 0D 6F 03 01 03 01 03 01 C0 00 00 01 00 00 00 00 00 00 00 C4 53 6C 6F 74")] // compact
    [InlineData("06 00", "07 00 06 00 51 03 0F 20 00 15 07 01 10 6F 01 00 00 00 C3 4C 6F 67")] // event-only
    [InlineData("07 00", "FF FF 07 00 51 11 10 20 00 80 00 00 10 00 07 01 00 C5 42 6F 61 72 64")] // FRU locator, the last record
    public async Task Other_records_are_written_as_the_specification_lays_them_out(string id, string expected)
    {
        await _machine.AskAsync("0A 22");
        string first = await _machine.AskAsync($"0A 23 01 00 {id} 00 20");
        string plain = Plain(expected);
        string rest = first.Length == 2 + 4 + 64 ? (await _machine.AskAsync($"0A 23 01 00 {id} 20 FF"))[6..] : string.Empty;
        Assert.Equal("00" + plain, first + rest);
    }

    [Fact]
    public async Task Thresholds_that_are_set_are_compared_from_then_on()
    {
        Assert.Equal("00", await _machine.AskAsync("04 26 10 08 00 00 00 28 00 00"));
        Assert.Equal(Plain("00 1A 00 05 00 28 5A 00"), await _machine.AskAsync("04 27 10"));
        Assert.Equal(Plain("00 29 C0 C8"), await _machine.AskAsync("04 2D 10"));
        Assert.Equal(Plain("00 C0 80 00 00 00"), await _machine.AskAsync("04 2B 10"));
        Assert.Equal("CC", await _machine.AskAsync("04 26 10 01 10 00 00 00 00 00"));
        Assert.Equal("CD", await _machine.AskAsync("04 26 11 10 00 00 00 00 10 00"));
    }

    [Fact]
    public async Task Scanning_and_events_switch_off_and_on_by_command()
    {
        Assert.Equal("00", await _machine.AskAsync("04 28 10 80"));
        Assert.Equal(Plain("00 00 A0 C0"), await _machine.AskAsync("04 2D 10"));
        Assert.Equal("00", await _machine.AskAsync("04 28 10 60 80 00 00 00"));
        Assert.Equal(Plain("00 40 04 02 84 02"), await _machine.AskAsync("04 29 10"));
        Assert.Equal(Plain("00 29 40 C0"), await _machine.AskAsync("04 2D 10"));
    }

    [Fact]
    public async Task Written_FRU_bytes_are_read_back()
    {
        Assert.Equal(Plain("00 02"), await _machine.AskAsync("0A 12 00 30 00 AA BB"));
        Assert.Equal(Plain("00 02 AA BB"), await _machine.AskAsync("0A 11 00 30 00 02"));
        Assert.Equal("C9", await _machine.AskAsync("0A 12 00 3F 00 AA BB"));
    }

    [Fact]
    public async Task The_log_takes_gives_deletes_and_clears_entries()
    {
        Assert.Equal(Plain("00 01 00"), await _machine.AskAsync("0A 44 00 00 02 00 00 00 00 41 00 04 01 10 01 57 50 50"));
        Assert.Equal(Plain("00 FF FF 01 00 02 40 01 45 6A 41 00 04 01 10 01 57 50 50"), await _machine.AskAsync("0A 43 00 00 00 00 00 FF"));
        Assert.Equal("C5", await _machine.AskAsync("0A 46 00 00 01 00"));
        Assert.Equal(Plain("00 01 00"), await _machine.AskAsync("0A 42"));
        Assert.Equal(Plain("00 01 00"), await _machine.AskAsync("0A 46 01 00 01 00"));
        Assert.Equal(Plain("00 02 00"), await _machine.AskAsync("0A 42"));
        Assert.Equal("CC", await _machine.AskAsync("0A 47 02 00 43 4C 52 55"));
        Assert.Equal(Plain("00 01"), await _machine.AskAsync("0A 47 02 00 43 4C 52 AA"));
        Assert.Equal("C5", await _machine.AskAsync("0A 47 02 00 43 4C 52 AA"));
    }

    [Fact]
    public async Task Only_sensors_live_on_other_LUNs()
    {
        Assert.Equal("C2", await _machine.AskAsync("06 01", lun: 1));
        Assert.Equal("CB", await _machine.AskAsync("04 2D 10", lun: 1));
    }

    [Fact]
    public async Task A_cancelled_request_is_not_sent() =>
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _machine.AskAsync("06 01", cancellationToken: new CancellationToken(canceled: true)));
}
