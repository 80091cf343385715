using System.Text;
using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices;
using CimHost.VmKernel.Devices.Io;
using CimHost.VmKernel.Devices.Io.Worlds;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace CimHost.VmKernel.Tests.Devices.Io;

/// <summary>What a world sees of the files below a root that holds a small copy of /sys.</summary>
public sealed class WorldFilesTests : IAsyncLifetime
{
    private readonly string _root = Directory.CreateTempSubdirectory("cimhost-world-files-").FullName;
    private HostHardware _hardware = null!;

    public Task InitializeAsync()
    {
        Write("sys/devices/platform/chip/hwmon/hwmon3/temp1_input", "45000\n");
        Write("sys/devices/platform/chip/name", "chip\n");
        Write("sys/bus/platform/uevent", "bus\n");
        Write("sys/firmware/secret", "secret\n");
        Write("sys/class/hwmonitor/name", "other\n");
        Write("sys/class/hwmon/plain", "plain\n");
        Write("etc/shadow", "root\n");
        Link("sys/class/hwmon/hwmon3", "../../devices/platform/chip/hwmon/hwmon3");
        Link("sys/devices/platform/chip/hwmon/hwmon3/device", "../../../chip");
        Link("sys/devices/platform/chip/subsystem", "../../../bus/platform");
        Link("sys/class/hwmon/escape", "/etc/shadow");
        Link("sys/class/hwmon/firmware", "../../firmware");
        Link("sys/class/hwmon/nowhere", "nothing");
        Link("opt/link", "/sys/devices/platform/chip/name");
        _hardware = HostHardware.Open(new HardwareOptions { SystemRoot = _root }, NullLoggerFactory.Instance);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _hardware.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }

    [Theory]
    [InlineData("/sys/class/hwmon/plain", "plain\n")]
    [InlineData("//sys/./class/hwmon//plain", "plain\n")]
    [InlineData("/sys/class/hwmon/hwmon3/temp1_input", "45000\n")]
    [InlineData("/sys/class/hwmon/hwmon3/device/name", "chip\n")]
    public async Task A_declared_folder_is_seen_and_its_links_lead_to_the_devices(string path, string content)
    {
        using WorldHardware world = _hardware.For("world", DeviceDeclaration.Parse(["files:/sys/class/hwmon"]));
        Assert.Equal(content, await ReadAsync(world, path));
        Assert.True(world.Files.FileExists(path));
    }

    [Theory]
    [InlineData("/etc/shadow")]
    [InlineData("/sys/class/hwmon/escape")]
    [InlineData("/sys/class/hwmon/firmware/secret")]
    [InlineData("/sys/class/hwmon/hwmon3/device/subsystem/uevent")]
    [InlineData("/sys/class/hwmon/../../../etc/shadow")]
    [InlineData("/sys/class/hwmon/../hwmon/plain")]
    [InlineData("/sys/class/hwmonitor/name")]
    [InlineData("/sys/devices/platform/chip/name")]
    [InlineData("/sys/class/hwmon/nowhere")]
    [InlineData("sys/class/hwmon/plain")]
    [InlineData("")]
    public async Task The_rest_is_not_there(string path)
    {
        using WorldHardware world = _hardware.For("world", DeviceDeclaration.Parse(["files:/sys/class/hwmon"]));
        Assert.Null(await ReadAsync(world, path));
        Assert.False(world.Files.FileExists(path));
        Assert.Null(world.Files.Resolve(path));
        Assert.Equal(0, _hardware.Devices.Find(new DeviceId(DeviceKind.Files, "root"))!.GetStatistics().Total.Requests);
    }

    [Fact]
    public void Folders_outside_are_empty()
    {
        using WorldHardware world = _hardware.For("world", DeviceDeclaration.Parse(["files:/sys/class/hwmon"]));
        Assert.Equal(["escape", "firmware", "hwmon3", "nowhere", "plain"], world.Files.List("/sys/class/hwmon"));
        Assert.Equal(["device", "temp1_input"], world.Files.List("/sys/class/hwmon/hwmon3"));
        Assert.Equal("/sys/devices/platform/chip", world.Files.Resolve("/sys/class/hwmon/hwmon3/device"));
        Assert.All(["/", "/sys", "/sys/class", "/etc", "/sys/class/hwmon/firmware", "/sys/devices"], folder =>
        {
            Assert.Empty(world.Files.List(folder));
            Assert.False(world.Files.DirectoryExists(folder));
        });
    }

    [Fact]
    public async Task Links_into_the_devices_are_followed_from_sys_only()
    {
        using WorldHardware world = _hardware.For("world", DeviceDeclaration.Parse(["files:/opt", "files:/sys/class"]));
        Assert.Null(await ReadAsync(world, "/opt/link"));
        Assert.Equal("chip\n", await ReadAsync(world, "/sys/class/hwmon/hwmon3/device/name"));
    }

    [Fact]
    public async Task A_link_is_followed_to_any_folder_that_is_declared()
    {
        using WorldHardware world = _hardware.For("world", DeviceDeclaration.Parse(["files:/sys/class/hwmon", "files:/sys/firmware/"]));
        Assert.Equal("secret\n", await ReadAsync(world, "/sys/class/hwmon/firmware/secret"));
    }

    [Fact]
    public async Task All_files_may_be_declared_and_none()
    {
        using WorldHardware all = _hardware.For("all", DeviceDeclaration.Parse(["files:*"]));
        using WorldHardware none = _hardware.For("none", DeviceDeclaration.Parse(["ipmi:*"]));
        Assert.Equal("root\n", await ReadAsync(all, "/sys/class/hwmon/../../../etc/shadow"));
        Assert.Null(await ReadAsync(none, "/sys/class/hwmon/plain"));
        Assert.Empty(none.Files.List("/sys"));
        Assert.Equal((1, 5), (Statistics().Total.Requests, Statistics().Worlds["all"].Bytes));
        Assert.Equal(["all"], Statistics().Worlds.Keys);
    }

    private static async Task<string?> ReadAsync(WorldHardware world, string path) =>
        await world.Files.ReadAsync(path, default) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;

    private CimHost.VmKernel.Devices.Io.Statistics.DeviceStatistics Statistics() => _hardware.Devices.Find(new DeviceId(DeviceKind.Files, "root"))!.GetStatistics();

    private void Write(string path, string content)
    {
        string place = Path.Combine(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        File.WriteAllText(place, content);
    }

    private void Link(string path, string target)
    {
        string place = Path.Combine(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        File.CreateSymbolicLink(place, target);
    }
}
