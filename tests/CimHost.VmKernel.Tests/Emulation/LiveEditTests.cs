using CimHost.VmKernel.Devices.Emulation;
using Xunit;
using static CimHost.VmKernel.Tests.Emulation.MachineBytes;

namespace CimHost.VmKernel.Tests.Emulation;

public sealed class LiveEditTests : IDisposable
{
    private readonly MachineFolder _folder = new();
    private readonly EmulatedMachine _machine;

    public LiveEditTests() => _machine = _folder.Open();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_edited_value_shows_in_the_next_query_and_keeps_the_reservation()
    {
        await _machine.AskAsync("0A 22");
        _folder.Edit("bmc/sensors.json", "\"value\": 41", "\"value\": 42");
        Assert.Equal(Plain("00 2A C0 C0"), await _machine.AskAsync("04 2D 10"));
        Assert.StartsWith("00", await _machine.AskAsync("0A 23 01 00 01 00 05 10"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_changed_record_cancels_the_reservation_and_moves_the_time_of_change()
    {
        await _machine.AskAsync("0A 22");
        string before = await _machine.AskAsync("0A 20");
        _folder.Edit("bmc/sensors.json", "\"name\": \"Temp\"", "\"name\": \"Heat\"");
        Assert.Equal("C5", await _machine.AskAsync("0A 23 01 00 01 00 05 10"));
        Assert.NotEqual(before, await _machine.AskAsync("0A 20"));
    }

    [Fact]
    public async Task An_edit_with_an_error_keeps_the_old_content_and_is_told_once()
    {
        _folder.Edit("bmc/sensors.json", "\"value\": 41", "\"value\": 999");
        Assert.Equal(Plain("00 29 C0 C0"), await _machine.AskAsync("04 2D 10"));
        _folder.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(Plain("00 29 C0 C0"), await _machine.AskAsync("04 2D 10"));
        string line = Assert.Single(_folder.Logged);
        Assert.Contains("bmc/sensors.json:4: $.sensors[0].value: 999 found; expected a value that the sensor's factors can express, 0 to 255.", line, StringComparison.Ordinal);

        _folder.Edit("bmc/sensors.json", "\"value\": 999", "\"value\": 50");
        Assert.Equal(Plain("00 32 C0 C0"), await _machine.AskAsync("04 2D 10"));
    }

    [Fact]
    public async Task The_files_are_looked_at_no_more_than_twice_a_second()
    {
        await _machine.AskAsync("06 01");
        _folder.Write("bmc/sensors.json", MachineFolder.Sensors.Replace("\"value\": 41", "\"value\": 42", StringComparison.Ordinal));
        Assert.Equal(Plain("00 29 C0 C0"), await _machine.AskAsync("04 2D 10"));
        _machine.Refresh();
        Assert.Equal(Plain("00 2A C0 C0"), await _machine.AskAsync("04 2D 10"));
    }

    [Fact]
    public async Task Thresholds_set_by_command_outlive_an_edit_of_the_value()
    {
        await _machine.AskAsync("04 26 10 08 00 00 00 28 00 00");
        _folder.Edit("bmc/sensors.json", "\"value\": 41", "\"value\": 42");
        Assert.Equal(Plain("00 1A 00 05 00 28 5A 00"), await _machine.AskAsync("04 27 10"));
    }
}
