using System.Globalization;
using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices.Capture;
using CimHost.VmKernel.Devices.Emulation;
using CimHost.VmKernel.Devices.Emulation.Live;
using Xunit;

namespace CimHost.VmKernel.Tests.Devices.Capture;

/// <summary>A capture of a machine that is changed or broken answers as that machine does after the same change.</summary>
public sealed class LiveCaptureTests
{
    private const string Chip = "/sys/class/hwmon/hwmon0/temp1_input";

    [Theory]
    [InlineData("rack-server", "Inlet Temp", "45")]
    [InlineData("rack-server", "Inlet Temp:available", "false")]
    [InlineData("rack-server", "Fan3", "0")]
    [InlineData("rack-server", "PSU1 Status", "0,1")]
    [InlineData("rack-server", "Chassis:intrusion", "true")]
    [InlineData("rack-server", "Chassis:powerFault", "true")]
    [InlineData("rack-server", "sda:temperature", "61")]
    [InlineData("rack-server", "sda:attribute.5", "77")]
    [InlineData("rack-server", "sda:failing", "true")]
    [InlineData("rack-server", "nvme0:temperature", "80")]
    [InlineData("rack-server", "nvme0:availableSpare", "3")]
    [InlineData("rack-server", "nvme0:criticalWarning", "5")]
    [InlineData("rack-server", "sde:temperature", "66")]
    [InlineData("rack-server", Chip, "99000")]
    public Task A_value_that_is_set_shows_in_the_same_bytes(string machine, string name, string value) =>
        CompareAsync(machine, live => live.Set(name, value));

    [Theory]
    [InlineData("rack-server", "Fan3", BreakKind.Fail)]
    [InlineData("rack-server", "Inlet Temp", BreakKind.Truncate)]
    [InlineData("rack-server", "Inlet Temp", BreakKind.Unplug)]
    [InlineData("rack-server", "powerSupply.2", BreakKind.Unplug)]
    [InlineData("rack-server", "powerSupply.2", BreakKind.Fail)]
    [InlineData("rack-server", "Chassis", BreakKind.Intrusion)]
    [InlineData("rack-server", "Inlet Temp", BreakKind.Corrupt)]
    [InlineData("rack-server", "ipmi0", BreakKind.Fail)]
    [InlineData("rack-server", "sda", BreakKind.Fail)]
    [InlineData("rack-server", "nvme0", BreakKind.Fail)]
    [InlineData("rack-server", "sde", BreakKind.Fail)]
    [InlineData("rack-server", "sde", BreakKind.Truncate)]
    [InlineData("rack-server", "nvme0", BreakKind.Corrupt)]
    [InlineData("rack-server", "sda", BreakKind.Unplug)]
    [InlineData("rack-server", "sg12:Fan 1", BreakKind.Fail)]
    [InlineData("rack-server", Chip, BreakKind.Fail)]
    [InlineData("rack-server", Chip, BreakKind.Unplug)]
    [InlineData("rack-server", Chip, BreakKind.Corrupt)]
    [InlineData("edge-box", "HID", BreakKind.Truncate)]
    [InlineData("edge-box", "HID", BreakKind.Fail)]
    [InlineData("edge-box", "HID", BreakKind.Unplug)]
    public Task A_part_that_is_broken_shows_in_the_same_bytes(string machine, string name, BreakKind kind) =>
        CompareAsync(machine, live => live.Break(name == "HID" ? live.List().Single(i => i.Kind == "hid").Name : name, kind, new BreakOptions { Keep = 3 }));

    [Fact]
    public async Task Every_sensor_part_disk_and_element_of_a_machine_can_be_named_in_its_capture()
    {
        (EmulatedMachine machine, CapturedMachine captured) = await CaptureAsync("rack-server");
        IReadOnlyList<HardwareItem> there = new LiveHardware(machine).List();
        IReadOnlyList<HardwareItem> here = new LiveHardware(captured).List();

        // What is behind a satellite is read by its own commands, and what only sends events has no reading.
        HashSet<string> own = [.. here.Select(i => i.Name)];
        string[] missing = [.. there.Where(i => !own.Contains(i.Name)).Select(i => i.Name)];
        Assert.True(missing.Length <= 7, string.Join(", ", missing));
        Assert.Empty(here.Select(i => i.Name).Except(there.Select(i => i.Name)));
        Assert.All(here, i => AssertSame(there.Single(t => t.Name == i.Name).Value, i.Value));
        Assert.Equal(["temperature", "availableSpare"], here.Single(i => i.Name == "nvme0").Settable.Intersect(["temperature", "availableSpare", "powerMode"]));
    }

    [Fact]
    public async Task What_stands_in_no_captured_answer_cannot_be_set()
    {
        (_, CapturedMachine captured) = await CaptureAsync("rack-server");
        var live = new LiveHardware(captured);
        Assert.Contains("has no 'powerMode'", Assert.Throws<HardwareChangeException>(() => live.Set("sda:powerMode", "standby")).Message, StringComparison.Ordinal);
        Assert.Contains("has no 'grownDefects'", Assert.Throws<HardwareChangeException>(() => live.Set("sde:grownDefects", "7")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hung_disk_answers_when_it_is_cleared_and_holds_no_other_one_up()
    {
        (_, CapturedMachine captured) = await CaptureAsync("rack-server");
        var live = new LiveHardware(captured);
        live.Break("sde", BreakKind.Hang, new BreakOptions());
        Task<List<string>> hung = DiskAsync(captured.Disks.Single(d => d.Name == "sde"));
        await DiskAsync(captured.Disks.Single(d => d.Name == "sdf"));
        Assert.False(hung.IsCompleted);
        live.Clear("sde");
        await hung.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Answers_of_a_captured_controller_are_damaged_and_whole_again()
    {
        (_, CapturedMachine captured) = await CaptureAsync("rack-server");
        var live = new LiveHardware(captured);
        byte[] whole = await StatusAsync();
        live.Break("ipmi0", BreakKind.Corrupt, new BreakOptions { Offset = 0 });
        byte[] damaged = await StatusAsync();
        Assert.Equal((byte)~whole[0], damaged[0]);
        Assert.Equal(whole[1..], damaged[1..]);
        live.Break("ipmi0", BreakKind.Truncate, new BreakOptions { Keep = 1 });
        live.Clear("ipmi0");
        Assert.Equal(whole, await StatusAsync());

        async Task<byte[]> StatusAsync() => (await captured.IpmiPorts[0].SendAsync(new IpmiRequest(0x00, 0x01), default)).Data.ToArray();
    }

    // A sensor tells its value in steps.
    private static void AssertSame(string expected, string actual)
    {
        if (double.TryParse(expected, CultureInfo.InvariantCulture, out double value) && double.TryParse(actual, CultureInfo.InvariantCulture, out double told))
        {
            Assert.InRange(told, value - Math.Abs(value * 0.02), value + Math.Abs(value * 0.02));
            return;
        }

        Assert.Equal(expected, actual);
    }

    private static async Task CompareAsync(string sample, Action<LiveHardware> change)
    {
        (EmulatedMachine machine, CapturedMachine captured) = await CaptureAsync(sample);
        List<string> before = await AskAsync(captured.IpmiPorts, captured.Disks, captured.HidDevices, captured.Files);
        Assert.Equal(await AskAsync(machine.IpmiPorts, machine.Disks, machine.HidDevices, machine.Files), before);
        var live = new LiveHardware(captured);

        change(new LiveHardware(machine));
        change(live);

        List<string> after = await AskAsync(captured.IpmiPorts, captured.Disks, captured.HidDevices, captured.Files);
        Assert.Equal(await AskAsync(machine.IpmiPorts, machine.Disks, machine.HidDevices, machine.Files), after);
        Assert.NotEqual(before, after);

        live.Clear(null);
        Assert.Equal(before, await AskAsync(captured.IpmiPorts, captured.Disks, captured.HidDevices, captured.Files));
    }

    private static async Task<(EmulatedMachine Machine, CapturedMachine Captured)> CaptureAsync(string sample)
    {
        EmulatedMachine machine = ReplayTests.Sample(sample);
        await using var recorded = new RecordedMachine(machine);
        await AskAsync(recorded.Hardware.IpmiPorts, recorded.Hardware.Disks, recorded.Hardware.HidDevices, recorded.Hardware.Files);
        await recorded.WriteAsync();
        return (machine, recorded.Replay());
    }

    // Everything that a change can show in.
    private static async Task<List<string>> AskAsync(IReadOnlyList<IIpmiPort> controllers, IReadOnlyList<IDiskPort> disks, IReadOnlyList<IHidPort> hid, IFileTree files)
    {
        var answers = new List<string>();
        foreach (IIpmiPort port in controllers)
        {
            answers.AddRange(await ControllerAsync(port));
        }

        foreach (IDiskPort disk in disks)
        {
            answers.AddRange(await DiskAsync(disk));
        }

        foreach (IHidPort port in hid)
        {
            for (byte id = 1; id < 32; id++)
            {
                answers.Add($"input {id} {(port.LastInput(id) is { } input ? Convert.ToHexString(input.Data.Span) : "-")}");
                answers.Add(await AnswerAsync($"report {id}", async () => Convert.ToHexString((await port.GetReportAsync(HidReportType.Feature, id, 64, default)).Data.Span)));
            }
        }

        string folder = Path.GetDirectoryName(Chip)!;
        answers.Add($"{folder} {string.Join(' ', files.List(folder))}");
        answers.Add(await AnswerAsync(Chip, async () => $"{files.FileExists(Chip)} {Convert.ToHexString(await files.ReadAsync(Chip, default) ?? [])}"));
        return answers;
    }

    private static async Task<List<string>> ControllerAsync(IIpmiPort port)
    {
        var answers = new List<string>();
        async Task<IpmiResponse?> SendAsync(byte netFn, byte command, params byte[] data)
        {
            IpmiResponse? answer = null;
            
            // A reservation is another one each time.
            answers.Add(await AnswerAsync($"{netFn:X2} {command:X2} {Convert.ToHexString(data.AsSpan(data.Length == 6 ? 2 : 0))}", async () =>
            {
                IpmiResponse got = await port.SendAsync(new IpmiRequest(netFn, command, data), default);
                answer = got;
                return netFn == 0x0A && command == 0x22 ? "reserved" : $"{got.CompletionCode:X2} {Convert.ToHexString(got.Data.Span)}";
            }));
            return answer;
        }

        await SendAsync(0x00, 0x01);

        // The records of the SDR repository as their readers do: the head, then the rest in pieces.
        ushort record = 0;
        for (int i = 0; i < 500 && record != 0xFFFF; i++)
        {
            byte[] reservation = (await SendAsync(0x0A, 0x22))?.Data.ToArray() ?? [];
            if (reservation.Length != 2 || await SendAsync(0x0A, 0x23, [.. reservation, (byte)record, (byte)(record >> 8), 0, 5]) is not { CompletionCode: 0, Data: { Length: 7 } head })
            {
                break;
            }

            for (int at = 5; at < 5 + head.Span[6]; at += 16)
            {
                await SendAsync(0x0A, 0x23, [.. reservation, (byte)record, (byte)(record >> 8), (byte)at, (byte)Math.Min(16, 5 + head.Span[6] - at)]);
            }

            record = (ushort)(head.Span[0] | (head.Span[1] << 8));
        }

        for (int number = 0; number < 256; number++)
        {
            await SendAsync(0x04, 0x2D, (byte)number);
            await SendAsync(0x04, 0x27, (byte)number);
        }

        return answers;
    }

    private static async Task<List<string>> DiskAsync(IDiskPort disk)
    {
        var answers = new List<string>();
        if (disk.Protocol == DiskProtocol.Nvme)
        {
            answers.Add(await AnswerAsync(disk.Name, async () =>
            {
                NvmeAdminResponse health = await disk.NvmeAdminAsync(new NvmeAdminCommand(0x02, 0xFFFFFFFF, DataDirection.FromDevice, 512) { Dword10 = 0x007F0002 }, default);
                return $"{health.Status} {Convert.ToHexString(health.Data.Span)}";
            }));
            return answers;
        }

        byte[][] commands =
        [
            [0x12, 0, 0, 0, 96, 0],
            [0x85, 0x08, 0x0E, 0, 0xD0, 0, 1, 0, 0, 0, 0x4F, 0, 0xC2, 0, 0xB0, 0], // SMART READ DATA, READ THRESHOLDS, RETURN STATUS
            [0x85, 0x08, 0x0E, 0, 0xD1, 0, 1, 0, 0, 0, 0x4F, 0, 0xC2, 0, 0xB0, 0],
            [0x85, 0x06, 0x20, 0, 0xDA, 0, 0, 0, 0, 0, 0x4F, 0, 0xC2, 0, 0xB0, 0],
            [0x85, 0x08, 0x0E, 0, 0xD5, 0, 1, 0, 0xE0, 0, 0x4F, 0, 0xC2, 0, 0xB0, 0], // SCT status
            [0x4D, 0, 0x4D, 0, 0, 0, 0, 2, 0, 0], [0x4D, 0, 0x6F, 0, 0, 0, 0, 2, 0, 0], [0x4D, 0, 0x51, 0, 0, 0, 0, 2, 0, 0], // temperature, exceptions, solid state
            [0x1C, 1, 1, 0x10, 0, 0], [0x1C, 1, 2, 0x10, 0, 0], [0x1C, 1, 7, 0x10, 0, 0], // configuration, status and names of an enclosure
        ];
        foreach (byte[] cdb in commands)
        {
            answers.Add(await AnswerAsync($"{disk.Name} {Convert.ToHexString(cdb)}", async () =>
            {
                ScsiResponse response = await disk.ScsiAsync(ScsiCommand.Read(cdb, cdb[0] == 0x1C ? 4096 : 512), default);
                return $"{response.Status} {Convert.ToHexString(response.Sense.Span)} {Convert.ToHexString(response.Data.Span)}";
            }));
        }

        return answers;
    }

    private static async Task<string> AnswerAsync(string request, Func<Task<string>> ask)
    {
        try
        {
            return $"{request}: {await ask()}";
        }
        catch (HardwareException e)
        {
            return $"{request}: {e.Fault}";
        }
    }
}
