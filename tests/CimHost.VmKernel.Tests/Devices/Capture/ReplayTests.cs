using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices.Capture;
using CimHost.VmKernel.Devices.Emulation;
using CimHost.VmKernel.Tests.Emulation;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace CimHost.VmKernel.Tests.Devices.Capture;

/// <summary>What went through the ports of a machine comes out of its capture, byte by byte, and nothing else does.</summary>
public sealed class ReplayTests
{
    private static readonly IpmiRequest s_deviceId = new(0x06, 0x01);

    [Fact]
    public async Task Answers_of_every_kind_of_port_are_the_same_bytes_again()
    {
        EmulatedMachine machine = Sample("rack-server");
        await using var recorded = new RecordedMachine(machine);
        IReadOnlyList<string> before = await AskAsync(recorded.Hardware);
        CaptureReport report = await recorded.WriteAsync();

        CapturedMachine replayed = recorded.Replay();
        IReadOnlyList<string> after = await AskAsync(replayed);

        Assert.Equal(before, after);
        Assert.True(before.Count > 60, $"{before.Count} answers");
        Assert.Equal(0, replayed.Missed);
        Assert.Equal(machine.SystemName, replayed.SystemName);
        Assert.Equal(machine.IpmiPorts[0].Concurrency, replayed.IpmiPorts[0].Concurrency);
        Assert.Contains(report.Devices, d => d is { Name: "ipmi0", Answers: > 0, Failures: 0 });
    }

    [Fact]
    public async Task Reports_of_HID_devices_are_the_same_again_those_that_it_sends_too()
    {
        EmulatedMachine machine = Sample("edge-box");
        await using var recorded = new RecordedMachine(machine);
        IHidPort port = recorded.Hardware.HidDevices.Single();
        var before = new List<string>();
        foreach (byte id in Enumerable.Range(0, 32))
        {
            before.Add(await ReportAsync(port, id));
        }

        await recorded.WriteAsync();
        IHidPort again = recorded.Replay().HidDevices.Single();
        var after = new List<string>();
        foreach (byte id in Enumerable.Range(0, 32))
        {
            after.Add(await ReportAsync(again, id));
        }

        Assert.Equal(before, after);
        Assert.Contains(before, b => !b.StartsWith("Unsupported", StringComparison.Ordinal));
        Assert.Equal(port.Identity, again.Identity);
        Assert.Equal(port.ReportDescriptor.ToArray(), again.ReportDescriptor.ToArray());
        Assert.Equal(port.Name, again.Name);
    }

    [Fact]
    public async Task A_request_that_was_not_captured_is_answered_as_not_there_counted_and_told_once()
    {
        await using var recorded = new RecordedMachine(Sample("rack-server"));
        IHardware live = recorded.Hardware;
        await live.IpmiPorts[0].SendAsync(s_deviceId, default);
        await live.IpmiPorts[0].SendAsync(new IpmiRequest(0x04, 0x2D, new byte[] { 1 }), default);
        Assert.True(live.Files.FileExists("/proc/version"));
        await recorded.WriteAsync();
        using var log = new MachineFolder();
        CapturedMachine machine = recorded.Replay(log);

        IIpmiPort port = machine.IpmiPorts[0];
        Assert.Equal(0xC1, (await port.SendAsync(new IpmiRequest(0x00, 0x01), default)).CompletionCode);
        Assert.Equal(0xCB, (await port.SendAsync(new IpmiRequest(0x04, 0x2D, new byte[] { 2 }), default)).CompletionCode);
        Assert.Equal(0xCB, (await port.SendAsync(new IpmiRequest(0x04, 0x2D, new byte[] { 2 }), default)).CompletionCode);
        IDiskPort scsi = machine.Disks.First(d => d.Protocol == DiskProtocol.Scsi);
        ScsiResponse refused = await scsi.ScsiAsync(ScsiCommand.Read(new byte[] { 0x12, 0, 0, 0, 36, 0 }, 36), default);
        Assert.Equal((0x02, 0x05), (refused.Status, refused.Sense.Span[2]));
        IDiskPort nvme = machine.Disks.First(d => d.Protocol == DiskProtocol.Nvme);
        Assert.Equal(0x02, (await nvme.NvmeAdminAsync(new NvmeAdminCommand(0x06, 0, DataDirection.FromDevice, 4096), default)).Status);

        // It was seen that the file is there, and not what it holds.
        Assert.True(machine.Files.FileExists("/proc/version"));
        Assert.Null(await machine.Files.ReadAsync("/proc/version", default));
        Assert.False(machine.Files.FileExists("/proc/uptime"));
        Assert.Empty(machine.Files.List("/proc"));

        Assert.True(machine.Missed >= 8, $"{machine.Missed} counted");
        Assert.Single(log.Logged, l => l.Contains("04002D02", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_failed_when_it_was_captured_fails_again_in_the_same_way()
    {
        using var folder = new MachineFolder();
        folder.Write("faults.json", """{ "rules": [ { "match": { "command": "getDeviceId" }, "effect": "sessionLoss" }, { "match": { "path": "/sys/broken" }, "effect": "error", "error": "EIO" } ] }""");
        folder.Write("sys/broken", "1\n");
        await using var recorded = new RecordedMachine(folder.Open());
        HardwareException first = await Assert.ThrowsAsync<HardwareException>(async () => await recorded.Hardware.IpmiPorts[0].SendAsync(s_deviceId, default));
        await Assert.ThrowsAsync<HardwareException>(async () => await recorded.Hardware.Files.ReadAsync("/sys/broken", default));
        CaptureReport report = await recorded.WriteAsync();

        CapturedMachine machine = recorded.Replay();
        HardwareException again = await Assert.ThrowsAsync<HardwareException>(async () => await machine.IpmiPorts[0].SendAsync(s_deviceId, default));
        Assert.Equal((first.Fault, first.Message), (again.Fault, again.Message));
        await Assert.ThrowsAsync<HardwareException>(async () => await machine.Files.ReadAsync("/sys/broken", default));
        Assert.Equal(2, report.Devices.Sum(d => d.Failures));
        Assert.All(report.Devices.Where(d => d.Failures > 0), d => Assert.NotEmpty(d.Reasons));
    }

    [Fact]
    public async Task A_record_is_found_again_whatever_reservation_it_is_asked_for_with()
    {
        using var folder = new MachineFolder();
        await using var recorded = new RecordedMachine(folder.Open());
        IIpmiPort live = recorded.Hardware.IpmiPorts[0];
        IpmiResponse reservation = await live.SendAsync(new IpmiRequest(0x0A, 0x22), default);
        (byte low, byte high) = (reservation.Data.Span[0], reservation.Data.Span[1]);
        IpmiResponse record = await live.SendAsync(new IpmiRequest(0x0A, 0x23, new byte[] { low, high, 0, 0, 0, 16 }), default);
        Assert.True(record.IsSuccess);
        await recorded.WriteAsync();

        IpmiResponse again = await recorded.Replay().IpmiPorts[0].SendAsync(new IpmiRequest(0x0A, 0x23, new byte[] { (byte)(low + 1), high, 0, 0, 0, 16 }), default);
        Assert.Equal(record.Data.ToArray(), again.Data.ToArray());
    }

    [Fact]
    public async Task Files_keep_their_bytes_their_links_and_what_is_missing()
    {
        using var folder = new MachineFolder();
        byte[] binary = [.. Enumerable.Range(0, 700).Select(i => (byte)i)];
        folder.Write("sys/devices/a%b/text", "one\n\ntwo # |\\\nlast");
        folder.Write("sys/devices/a%b/empty", string.Empty);
        await File.WriteAllBytesAsync(Path.Combine(folder.Path, "sys/devices/a%b/binary"), binary);
        Directory.CreateDirectory(Path.Combine(folder.Path, "sys/class"));
        Directory.CreateSymbolicLink(Path.Combine(folder.Path, "sys/class/link"), "../devices/a%b");
        await using var recorded = new RecordedMachine(folder.Open());
        string[] names = ["text", "empty", "binary", "none"];
        foreach (string name in names)
        {
            await recorded.Hardware.Files.ReadAsync("/sys/class/link/" + name, default);
        }

        byte[]? part = await recorded.Hardware.Files.ReadRangeAsync("/sys/devices/a%b/binary", 600, 50, default);
        Assert.Equal(["binary", "empty", "text"], recorded.Hardware.Files.List("/sys/class/link"));
        await recorded.WriteAsync();

        IFileTree files = recorded.Replay().Files;
        Assert.Equal("/sys/devices/a%b/text", files.Resolve("/sys/class/link/text"));
        Assert.Equal(["binary", "empty", "text"], files.List("/sys/class/link"));
        Assert.Equal(binary, await files.ReadAsync("/sys/devices/a%b/binary", default));
        Assert.Equal(part, await files.ReadRangeAsync("/sys/class/link/binary", 600, 50, default));
        Assert.Equal("one\n\ntwo # |\\\nlast"u8.ToArray(), await files.ReadAsync("/sys/class/link/text", default));
        Assert.Empty((await files.ReadAsync("/sys/class/link/empty", default))!);
        Assert.Null(await files.ReadAsync("/sys/class/link/none", default));
    }

    [Theory]
    [InlineData("capture.txt", "format 9\n", "capture.txt:1:")]
    [InlineData("files.txt", "file relative\n", "files.txt:1:")]
    [InlineData("files.txt", "file /a\nfile /a\n", "files.txt:2:")]
    [InlineData("ipmi/000-ipmi0.txt", "port ipmi0 ipmi 1\n> 06 00 01\ndata 2\n0001: 11 22\n", "ipmi/000-ipmi0.txt:4:")]
    [InlineData("ipmi/000-ipmi0.txt", "port ipmi0 ipmi 1\n> 06 00 0\n", "ipmi/000-ipmi0.txt:2:")]
    public async Task A_file_of_a_capture_that_is_wrong_is_refused_with_its_line(string file, string text, string expected)
    {
        await using var recorded = new RecordedMachine(Sample("rack-server"));
        await recorded.Hardware.IpmiPorts[0].SendAsync(s_deviceId, default);
        await recorded.WriteAsync();
        await File.WriteAllTextAsync(Path.Combine(recorded.Folder, file), text);

        MachineFileException refused = Assert.Throws<MachineFileException>(() => recorded.Replay());
        Assert.StartsWith(expected, refused.Message, StringComparison.Ordinal);
    }

    internal static EmulatedMachine Sample(string name)
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "CimHost.sln")))
        {
            folder = folder.Parent;
        }

        return EmulatedMachine.Open(Path.Combine(folder!.FullName, "samples", "machines", name), new ManualTime(), NullLogger.Instance);
    }

    private static Task<IReadOnlyList<string>> AskAsync(CapturedMachine machine) => AskAsync(machine.IpmiPorts, machine.Disks, machine.Files);

    private static Task<IReadOnlyList<string>> AskAsync(IHardware hardware) => AskAsync(hardware.IpmiPorts, hardware.Disks, hardware.Files);

    private static async Task<IReadOnlyList<string>> AskAsync(IReadOnlyList<IIpmiPort> controllers, IReadOnlyList<IDiskPort> disks, IFileTree files)
    {
        var answers = new List<string>();
        foreach (IpmiRequest request in (IpmiRequest[])[s_deviceId, new(0x06, 0x37), new(0x0A, 0x11, new byte[] { 0, 0, 0, 16 }), new(0x04, 0x2D, new byte[] { 1 }), new(0x3E, 0x7F)])
        {
            IpmiResponse answer = await controllers[0].SendAsync(request, default);
            answers.Add($"{answer.CompletionCode:X2} {Convert.ToHexString(answer.Data.Span)}");
        }

        foreach (IDiskPort disk in disks)
        {
            answers.AddRange(await CommandsAsync(disk));
        }

        foreach (string path in (string[])["/proc/cpuinfo", "/sys/class/net/ens1f0/address", "/sys/firmware/dmi/tables/DMI", "/sys/no/such"])
        {
            answers.Add($"{files.Resolve(path)} {Convert.ToHexString(await files.ReadAsync(path, default) ?? [])}");
        }

        answers.Add(string.Join(' ', files.List("/sys/class/hwmon")));
        return answers;
    }

    private static async Task<List<string>> CommandsAsync(IDiskPort disk)
    {
        var answers = new List<string> { $"{disk.Name} {disk.Location} {disk.Protocol} {disk.Description}" };
        if (disk.Protocol == DiskProtocol.Nvme)
        {
            foreach (uint what in (uint[])[0, 1])
            {
                NvmeAdminResponse identity = await disk.NvmeAdminAsync(new NvmeAdminCommand(0x06, what ^ 1, DataDirection.FromDevice, 4096) { Dword10 = what }, default);
                answers.Add($"{identity.Status} {identity.Result} {Convert.ToHexString(identity.Data.Span)}");
            }

            return answers;
        }

        byte[][] commands = [[0x12, 0, 0, 0, 96, 0], [0x12, 1, 0x83, 0, 255, 0], [0x85, 8, 14, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0xEC, 0], [0x4D, 0, 0x4D, 0, 0, 0, 0, 1, 0, 0]];
        foreach (byte[] cdb in commands)
        {
            ScsiResponse response = await disk.ScsiAsync(ScsiCommand.Read(cdb, 512), default);
            answers.Add($"{response.Status} {Convert.ToHexString(response.Sense.Span)} {Convert.ToHexString(response.Data.Span)}");
        }

        return answers;
    }

    private static async Task<string> ReportAsync(IHidPort port, byte id)
    {
        string sent = port.LastInput(id) is { } input ? Convert.ToHexString(input.Data.Span) : "-";
        try
        {
            return $"{Convert.ToHexString((await port.GetReportAsync(HidReportType.Feature, id, 64, default)).Data.Span)} {sent}";
        }
        catch (HardwareException e)
        {
            return $"{e.Fault} {e.Message} {sent}";
        }
    }
}
