using System.Text;
using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices;
using Xunit;

namespace CimHost.VmKernel.Tests.Devices;

/// <summary>Files below a root that holds a small copy of /sys.</summary>
public sealed class LinuxFileTreeTests : IDisposable
{
    private readonly string _outside = Directory.CreateTempSubdirectory("cimhost-tree-").FullName;
    private readonly string _root;
    private readonly LinuxFileTree _tree;

    public LinuxFileTreeTests()
    {
        _root = Path.Combine(_outside, "root");
        Write("root/sys/devices/platform/chip/hwmon/hwmon3/temp1_input", "45000\n");
        Write("root/sys/devices/platform/chip/name", "chip\n");
        Write("root/etc/secret", "inside\n");
        Write("etc/secret", "outside\n");
        Link("root/sys/class/hwmon/hwmon3", "../../devices/platform/chip/hwmon/hwmon3");
        Link("root/sys/absolute", "/sys/devices/platform");
        _tree = new LinuxFileTree(_root);
    }

    public void Dispose()
    {
        _tree.Dispose();
        Directory.Delete(_outside, recursive: true);
    }

    [Theory]
    [InlineData("/sys/class/hwmon/hwmon3/temp1_input", "45000\n")]
    [InlineData("/sys/class/hwmon/hwmon3/../../name", "chip\n")]
    [InlineData("/sys/absolute/chip/name", "chip\n")]
    [InlineData("//sys/./absolute//chip/name", "chip\n")]
    public async Task Links_are_followed_as_the_kernel_would(string path, string content) => Assert.Equal(content, await ReadAsync(path));

    [Theory]
    [InlineData("/../etc/secret")]
    [InlineData("/../../../../../../../../etc/secret")]
    [InlineData("/up/etc/secret")]
    [InlineData("/far-up/etc/secret")]
    [InlineData("/top/etc/secret")]
    public async Task Nothing_leads_out_of_the_root(string path)
    {
        Link("root/up", "..");
        Link("root/far-up", "../../../../../../../../..");
        Link("root/top", "/");

        Assert.Equal("inside\n", await ReadAsync(path));
    }

    [Fact]
    public async Task An_absolute_link_to_a_file_outside_means_the_file_inside()
    {
        Link("root/leak", Path.Combine(_outside, "etc/secret"));

        Assert.Null(await _tree.ReadAsync("/leak", default));
        Assert.False(_tree.FileExists("/leak"));
    }

    [Fact]
    public void Resolve_shows_where_a_device_is()
    {
        Assert.Equal("/sys/devices/platform/chip/hwmon/hwmon3", _tree.Resolve("/sys/class/hwmon/hwmon3"));
        Assert.Equal("/", _tree.Resolve("/sys/.."));
        Assert.Null(_tree.Resolve("/sys/class/hwmon/hwmon9"));
    }

    [Fact]
    public async Task Links_in_a_circle_are_nothing()
    {
        Link("root/a", "b");
        Link("root/b", "a");

        Assert.Null(_tree.Resolve("/a"));
        Assert.Null(await _tree.ReadAsync("/a", default));
        Assert.Empty(_tree.List("/a"));
    }

    [Fact]
    public void Entries_are_listed_in_ordinal_order()
    {
        Write("root/sys/list/b", string.Empty);
        Write("root/sys/list/a10", string.Empty);
        Write("root/sys/list/a9", string.Empty);
        Link("root/sys/list/C", "nowhere");

        Assert.Equal(["C", "a10", "a9", "b"], _tree.List("/sys/list"));
        Assert.Empty(_tree.List("/sys/none"));
        Assert.Empty(_tree.List("/sys/list/b"));
    }

    [Fact]
    public async Task What_does_not_exist_is_null_and_what_is_refused_says_why()
    {
        Assert.Null(await _tree.ReadAsync("/sys/none", default));
        Assert.Null(await _tree.ReadAsync("/sys/devices/platform/chip/name/below", default));
        Assert.Null(await _tree.ReadAsync("relative", default));
        Assert.Null(await _tree.ReadAsync("/sys/a\0b", default));

        var failure = await Assert.ThrowsAsync<HardwareException>(async () => await _tree.ReadAsync("/sys/devices", default));
        Assert.Equal(HardwareFault.Unavailable, failure.Fault);
        Assert.Contains("/sys/devices cannot be read: Is a directory (errno 21)", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(_root, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_file_is_cut_at_64_KiB()
    {
        Write("root/sys/long", new string('x', 70_000));

        Assert.Equal(65_536, (await _tree.ReadAsync("/sys/long", default))!.Length);
    }

    [Fact]
    public async Task Hundreds_of_reads_at_once_each_get_their_own_file()
    {
        for (int i = 0; i < 500; i++)
        {
            Write($"root/sys/many/f{i}", $"{i}\n");
        }

        string?[] read = await Task.WhenAll(Enumerable.Range(0, 500).Select(i => ReadAsync($"/sys/many/f{i}")));

        Assert.Equal(Enumerable.Range(0, 500).Select(i => $"{i}\n"), read);
    }

    [Fact]
    public async Task On_the_whole_system_the_kernel_s_own_files_are_read()
    {
        using var system = new LinuxFileTree("/");

        Assert.Contains("Linux version", Encoding.UTF8.GetString((await system.ReadAsync("/proc/version", default))!), StringComparison.Ordinal);
        Assert.Equal($"/proc/{Environment.ProcessId}", system.Resolve("/proc/self"));
        Assert.Contains("version", system.List("/proc"));
    }

    private async Task<string?> ReadAsync(string path) => await _tree.ReadAsync(path, default) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;

    private void Write(string path, string content)
    {
        string place = Path.Combine(_outside, path);
        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        File.WriteAllText(place, content);
    }

    private void Link(string path, string target)
    {
        string place = Path.Combine(_outside, path);
        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        File.CreateSymbolicLink(place, target);
    }
}
