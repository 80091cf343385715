using CimHost.VmKernel.Devices.Emulation;
using Xunit;
using static CimHost.VmKernel.Tests.Emulation.MachineBytes;

namespace CimHost.VmKernel.Tests.Emulation;

/// <summary>Values that cross thresholds: comparison bits, hysteresis, events in the log.</summary>
public sealed class ThresholdTests : IDisposable
{
    private readonly MachineFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(80, "50", "C8")]
    [InlineData(79, "4F", "C0")]
    [InlineData(90, "5A", "D8")]
    [InlineData(5, "05", "C2")]
    [InlineData(6, "06", "C0")]
    public async Task A_threshold_is_crossed_from_the_value_equal_to_it_on(int value, string raw, string bits)
    {
        _folder.Write("bmc/sensors.json", MachineFolder.Sensors.Replace("\"value\": 41", $"\"value\": {value}", StringComparison.Ordinal));
        EmulatedMachine machine = _folder.Open();
        Assert.Equal($"00{raw}C0{bits}", await machine.AskAsync("04 2D 10"));
    }

    [Fact]
    public async Task A_crossing_and_the_way_back_past_the_hysteresis_are_noted_in_the_log()
    {
        EmulatedMachine machine = _folder.Open();
        _folder.Edit("bmc/sensors.json", "\"value\": 41", "\"value\": 85");
        Assert.Equal(Plain("00 55 C0 C8"), await machine.AskAsync("04 2D 10"));
        Assert.Equal(Plain("00 FF FF 01 00 02 41 01 45 6A 20 00 04 01 10 01 57 55 50"), await machine.AskAsync("0A 43 00 00 FF FF 00 FF"));

        // One below the threshold, but within the hysteresis of two: still crossed.
        _folder.Edit("bmc/sensors.json", "\"value\": 85", "\"value\": 78");
        Assert.Equal(Plain("00 4E C0 C8"), await machine.AskAsync("04 2D 10"));

        _folder.Edit("bmc/sensors.json", "\"value\": 78", "\"value\": 77");
        Assert.Equal(Plain("00 4D C0 C0"), await machine.AskAsync("04 2D 10"));
        Assert.Equal(Plain("00 FF FF 02 00 02 43 01 45 6A 20 00 04 01 10 81 57 4D 50"), await machine.AskAsync("0A 43 00 00 FF FF 00 FF"));
        Assert.Equal(Plain("00 51 02 00"), (await machine.AskAsync("0A 40"))[..8]);
    }

    [Fact]
    public async Task A_state_that_comes_or_goes_is_noted_in_the_log()
    {
        EmulatedMachine machine = _folder.Open();
        _folder.Edit("bmc/sensors.json", "\"states\": [0, 8]", "\"states\": [1, 8]");
        Assert.Equal(Plain("00 00 C0 02 81"), await machine.AskAsync("04 2D 12"));
        Assert.EndsWith(Plain("20 00 04 0D 12 EF 00 FF FF"), await machine.AskAsync("0A 43 00 00 00 00 00 FF"), StringComparison.Ordinal);
        Assert.EndsWith(Plain("20 00 04 0D 12 6F 01 FF FF"), await machine.AskAsync("0A 43 00 00 FF FF 00 FF"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_log_loses_events_and_says_so()
    {
        _folder.Write("bmc/sel.json", """{ "capacity": 1 }""");
        EmulatedMachine machine = _folder.Open();
        _folder.Edit("bmc/sensors.json", "\"value\": 41", "\"value\": 95");
        Assert.Equal(Plain("00 5F C0 D8"), await machine.AskAsync("04 2D 10"));
        string info = await machine.AskAsync("0A 40");
        Assert.Equal(Plain("00 51 01 00 00 00"), info[..12]);
        Assert.Equal("8B", info[^2..]);
    }

    [Fact]
    public async Task A_wave_moves_a_value_with_the_clock_of_the_machine_only()
    {
        _folder.Write("bmc/sensors.json", MachineFolder.Sensors.Replace("\"value\": 41", "\"value\": 41, \"wave\": { \"amplitude\": 10, \"periodSeconds\": 40 }", StringComparison.Ordinal));
        EmulatedMachine machine = _folder.Open();
        Assert.Equal(Plain("00 29 C0 C0"), await machine.AskAsync("04 2D 10"));
        _folder.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(Plain("00 33 C0 C0"), await machine.AskAsync("04 2D 10"));
        _folder.Time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(Plain("00 1F C0 C0"), await machine.AskAsync("04 2D 10"));
    }
}
