using System.Text;
using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices.Emulation;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace CimHost.VmKernel.Tests.Emulation;

/// <summary>The machine that the samples bring.</summary>
public sealed class RackServerTests
{
    private readonly EmulatedMachine _machine = EmulatedMachine.Open(Directory(), new ManualTime(), NullLogger.Instance);

    [Fact]
    public async Task Its_repository_walks_whole_and_every_sensor_in_it_is_healthy()
    {
        List<byte[]> records = await WalkAsync();
        Assert.InRange(records.Count(r => r[3] is 1 or 2 or 3), 60, 110);
        foreach (int type in (int[])[0x01, 0x02, 0x03, 0x08, 0x11, 0x12, 0xC0])
        {
            Assert.Contains(records, r => r[3] == type);
        }

        int without = 0;
        foreach (byte[] record in records.Where(r => r[3] is 1 or 2))
        {
            IpmiResponse reading = await _machine.IpmiPorts[0].SendAsync(new IpmiRequest(4, 0x2D, new[] { record[7] }, (byte)(record[6] & 3), record[5]), default);
            if (reading.CompletionCode == 0xCB || (reading.Data.Span[1] & 0x20) != 0)
            {
                without++;
                continue;
            }

            Assert.Equal(0xC0, reading.Data.Span[1] & 0xE0);
            Assert.True(record[13] != 1 || reading.Data.Span[2] == 0xC0, $"{Encoding.Latin1.GetString(record.AsSpan(record[3] == 1 ? 48 : 32))} has crossed a threshold");
        }

        Assert.Equal(3, without);
    }

    [Fact]
    public async Task Its_FRUs_have_good_checksums()
    {
        foreach (byte device in (await WalkAsync()).Where(r => r[3] == 0x11).Select(r => r[6]))
        {
            byte[] image = await FruAsync(device);
            Assert.Equal(0, Sum(image.AsSpan(0, 8)));
            foreach (int at in image.AsSpan(2, 3).ToArray().Where(a => a != 0).Select(a => a * 8))
            {
                Assert.Equal(0, Sum(image.AsSpan(at, image[at + 1] * 8)));
            }

            for (int at = image[5] * 8, more = at; more != 0; at += 5 + image[at + 2])
            {
                Assert.Equal(0, Sum(image.AsSpan(at, 5)));
                Assert.Equal(0, (byte)(Sum(image.AsSpan(at + 5, image[at + 2])) + image[at + 3]));
                more = (image[at + 1] & 0x80) == 0 ? 1 : 0;
            }
        }
    }

    [Fact]
    public async Task Its_sys_tree_agrees_with_its_description()
    {
        Assert.Equal(_machine.Identity.Manufacturer, await TextAsync("/sys/class/dmi/id/sys_vendor"));
        Assert.Equal(_machine.Identity.Model, await TextAsync("/sys/class/dmi/id/product_name"));
        Assert.Equal(_machine.Identity.SerialNumber, await TextAsync("/sys/class/dmi/id/product_serial"));
        Assert.Equal(_machine.Identity.BiosVersion, await TextAsync("/sys/class/dmi/id/bios_version"));
        Assert.Equal(_machine.SystemName, await TextAsync("/proc/sys/kernel/hostname"));
        foreach (string chip in _machine.Files.List("/sys/class/hwmon"))
        {
            Assert.NotEmpty(await TextAsync($"/sys/class/hwmon/{chip}/name"));
            Assert.NotNull(_machine.Files.Resolve($"/sys/class/hwmon/{chip}/device"));
        }

        Assert.Equal(7, _machine.Files.List("/sys/class/hwmon").Count);
        Assert.Contains("thermal_zone0", _machine.Files.List("/sys/class/thermal"));
    }

    private static string Directory()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "CimHost.sln")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder!.FullName, "samples", "machines", "rack-server");
    }

    private static byte Sum(ReadOnlySpan<byte> bytes)
    {
        byte sum = 0;
        foreach (byte b in bytes)
        {
            sum += b;
        }

        return sum;
    }

    private async Task<byte[]> AskAsync(byte netFn, byte command, params byte[] data)
    {
        IpmiResponse answer = await _machine.IpmiPorts[0].SendAsync(new IpmiRequest(netFn, command, data), default);
        Assert.Equal(0, answer.CompletionCode);
        return answer.Data.ToArray();
    }

    private async Task<List<byte[]>> WalkAsync()
    {
        var records = new List<byte[]>();
        for (int id = 0; id != 0xFFFF;)
        {
            byte[] answer = await AskAsync(0x0A, 0x23, 0, 0, (byte)id, (byte)(id >> 8), 0, 64);
            Assert.Equal(answer[6] + 5, answer.Length - 2);
            records.Add(answer[2..]);
            id = answer[0] | (answer[1] << 8);
            Assert.InRange(records.Count, 1, 200);
        }

        Assert.Equal((await AskAsync(0x0A, 0x20))[1], records.Count);
        return records;
    }

    private async Task<byte[]> FruAsync(byte device)
    {
        byte[] info = await AskAsync(0x0A, 0x10, device);
        int size = info[0] | (info[1] << 8);
        var image = new List<byte>();
        while (image.Count < size)
        {
            image.AddRange((await AskAsync(0x0A, 0x11, device, (byte)image.Count, (byte)(image.Count >> 8), 64))[1..]);
        }

        return [.. image];
    }

    private async Task<string> TextAsync(string path) => Encoding.UTF8.GetString((await _machine.Files.ReadAsync(path, default))!).TrimEnd();
}
