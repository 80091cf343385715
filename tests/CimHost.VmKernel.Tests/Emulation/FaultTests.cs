using System.Text;
using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices.Emulation;
using CimHost.VmKernel.Devices.Emulation.Faults;
using Xunit;
using static CimHost.VmKernel.Tests.Emulation.MachineBytes;

namespace CimHost.VmKernel.Tests.Emulation;

/// <summary>Each fault, by rule of a program and by rule of faults.json.</summary>
public sealed class FaultTests : IDisposable
{
    private const string Temp = "04 2D 10";
    private static readonly string s_reading = Plain("00 29 C0 C0");
    private readonly MachineFolder _folder = new();
    private readonly EmulatedMachine _machine;

    public FaultTests()
    {
        _folder.Write("sys/class/hwmon/hwmon0/temp1_input", "41000\n");
        _folder.Write("sys/class/hwmon/hwmon0/name", "box\n");
        _machine = _folder.Open();
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_hang_lasts_until_the_rule_goes_away_and_leaves_other_sensors_alone()
    {
        _machine.Faults.Set(new FaultRule { Effect = FaultEffect.Hang, Sensor = "Temp" });
        Task<string> hanging = _machine.AskAsync(Temp);
        Assert.Equal(Plain("00 9C C0 C0"), await _machine.AskAsync("04 2D 11"));
        Assert.False(hanging.IsCompleted);
        _machine.Faults.Clear();
        Assert.Equal(s_reading, await hanging);
        Assert.Equal(s_reading, await _machine.AskAsync(Temp));
    }

    [Fact]
    public async Task A_hanging_request_ends_when_the_caller_gives_up()
    {
        _machine.Faults.Set(new FaultRule { Effect = FaultEffect.Hang, Command = "getSensorReading" });
        using var giveUp = new CancellationTokenSource();
        Task<string> hanging = _machine.AskAsync(Temp, cancellationToken: giveUp.Token);
        Assert.False(hanging.IsCompleted);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hanging);
    }

    [Fact]
    public async Task A_hang_in_the_file_ends_when_the_file_no_longer_has_it()
    {
        _folder.Edit("faults.json", "[]", """[ { "match": { "sensor": 16 }, "effect": "hang" } ]""");
        Task<string> hanging = _machine.AskAsync(Temp);
        Assert.False(hanging.IsCompleted);
        _folder.Edit("faults.json", """{ "match": { "sensor": 16 }, "effect": "hang" }""", string.Empty);
        Assert.StartsWith("00", await _machine.AskAsync("06 01"), StringComparison.Ordinal);
        Assert.Equal(s_reading, await hanging);
    }

    [Fact]
    public async Task A_delay_answers_later()
    {
        _machine.Faults.Set(new FaultRule { Effect = FaultEffect.Delay, Delay = TimeSpan.FromMilliseconds(300), NetFn = 4 });
        Task<string> late = _machine.AskAsync(Temp);
        _folder.Time.Advance(TimeSpan.FromMilliseconds(299));
        Assert.False(late.IsCompleted);
        _folder.Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(s_reading, await late);
    }

    [Fact]
    public async Task A_completion_code_stands_in_for_the_answer_as_often_as_the_count_says()
    {
        _machine.Faults.Set(new FaultRule { Effect = FaultEffect.CompletionCode, CompletionCode = 0xC3, CommandCode = 0x2D, Count = 2 });
        Assert.Equal("C3", await _machine.AskAsync(Temp));
        Assert.Equal("C3", await _machine.AskAsync(Temp));
        Assert.Equal(s_reading, await _machine.AskAsync(Temp));
    }

    [Fact]
    public async Task Truncation_and_corruption_change_the_bytes_of_the_answer()
    {
        _machine.Faults.Set(new FaultRule { Effect = FaultEffect.Truncate, Keep = 1, Sensor = "16" }, new FaultRule { Effect = FaultEffect.Corrupt, Offset = 1, Mask = 0x0F, Fru = 0 });
        Assert.Equal(Plain("00 29"), await _machine.AskAsync(Temp));
        Assert.Equal(Plain("00 02 0E 00"), await _machine.AskAsync("0A 11 00 00 00 02"));
    }

    [Fact]
    public async Task Every_second_request_is_dropped_and_runs_into_the_time_limit()
    {
        _machine.Faults.Set(new FaultRule { Effect = FaultEffect.Drop, Every = 2 });
        Assert.Equal(s_reading, await _machine.AskAsync(Temp));
        Task<string> lost = _machine.AskAsync(Temp);
        _folder.Time.Advance(TimeSpan.FromSeconds(5));
        var error = await Assert.ThrowsAsync<HardwareException>(() => lost);
        Assert.Equal(HardwareFault.TimedOut, error.Fault);
        Assert.Equal("ipmi0: no answer within 5000 ms.", error.Message);
        Assert.Equal(s_reading, await _machine.AskAsync(Temp));
    }

    [Fact]
    public async Task A_lost_session_makes_the_port_unavailable()
    {
        _machine.Faults.Set(new FaultRule { Effect = FaultEffect.SessionLoss, Port = "ipmi0", Count = 1 });
        var error = await Assert.ThrowsAsync<HardwareException>(() => _machine.AskAsync(Temp));
        Assert.Equal(HardwareFault.Unavailable, error.Fault);
        Assert.Equal(s_reading, await _machine.AskAsync(Temp));
    }

    [Fact]
    public async Task A_rule_about_one_record_leaves_the_others_alone()
    {
        _folder.Edit("faults.json", "[]", """[ { "match": { "command": "GetSdr", "record": 2 }, "effect": "completionCode", "completionCode": "0xCE" } ]""");
        Assert.Equal("CE", await _machine.AskAsync("0A 23 00 00 02 00 00 05"));
        Assert.StartsWith("00", await _machine.AskAsync("0A 23 00 00 01 00 00 05"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_gives_an_error_hangs_or_is_not_there()
    {
        const string Input = "/sys/class/hwmon/hwmon0/temp1_input";
        _machine.Faults.Set(new FaultRule { Effect = FaultEffect.Error, Path = "/sys/**/temp*_input", Count = 1 });
        var error = await Assert.ThrowsAsync<HardwareException>(async () => await _machine.Files.ReadAsync(Input, default));
        Assert.Equal($"{Input} cannot be read: EIO.", error.Message);
        Assert.Equal("41000\n", Encoding.ASCII.GetString((await _machine.Files.ReadAsync(Input, default))!));

        _machine.Faults.Set(new FaultRule { Effect = FaultEffect.Hang, Path = Input });
        Task<byte[]?> hanging = _machine.Files.ReadAsync(Input, default).AsTask();
        Assert.False(hanging.IsCompleted);
        Assert.Equal("box\n", Encoding.ASCII.GetString((await _machine.Files.ReadAsync("/sys/class/hwmon/hwmon0/name", default))!));
        _machine.Faults.Clear();
        Assert.NotNull(await hanging);

        _machine.Faults.Set(new FaultRule { Effect = FaultEffect.Absent, Path = "/sys/class/hwmon/hwmon0/temp?_input" });
        Assert.Null(await _machine.Files.ReadAsync(Input, default));
        Assert.False(_machine.Files.FileExists(Input));
        Assert.Equal(["name"], _machine.Files.List("/sys/class/hwmon/hwmon0"));
    }
}
