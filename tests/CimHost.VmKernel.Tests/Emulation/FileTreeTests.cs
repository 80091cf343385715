using System.Text;
using CimHost.VmKernel.Devices.Emulation;
using Xunit;

namespace CimHost.VmKernel.Tests.Emulation;

public sealed class FileTreeTests : IDisposable
{
    private readonly MachineFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Links_are_followed_inside_the_machine_and_never_out_of_it()
    {
        _folder.Write("sys/devices/platform/chip/hwmon/hwmon0/temp1_input", "1\n");
        _folder.Write("sys/devices/platform/chip/hwmon/hwmon0/zero", string.Empty);
        Directory.CreateDirectory(Path.Combine(_folder.Path, "sys/class/hwmon"));
        Link("sys/class/hwmon/hwmon0", "../../devices/platform/chip/hwmon/hwmon0");
        Link("sys/class/hwmon/absolute", "/sys/devices/platform/chip");
        Link("sys/class/hwmon/out", "/etc");
        Link("sys/class/hwmon/up", "../../../../../../../../../etc/passwd");
        Link("sys/class/hwmon/loop", "loop");
        EmulatedMachine machine = _folder.Open();

        Assert.Equal("/sys/devices/platform/chip/hwmon/hwmon0", machine.Files.Resolve("/sys/class/hwmon/hwmon0"));
        Assert.Equal("1\n", Encoding.ASCII.GetString((await machine.Files.ReadAsync("/sys/class/hwmon/hwmon0/temp1_input", default))!));
        Assert.Empty((await machine.Files.ReadAsync("/sys/class/hwmon/hwmon0/zero", default))!);
        Assert.Equal(["hwmon"], machine.Files.List("/sys/class/hwmon/absolute"));
        Assert.Equal(["temp1_input", "zero"], machine.Files.List("/sys/class/hwmon/hwmon0"));
        foreach (string path in (string[])["/sys/class/hwmon/out", "/sys/class/hwmon/out/passwd", "/sys/class/hwmon/up", "/sys/class/hwmon/loop", "/machine.json", "/sys/../machine.json", "/../etc/passwd", "/bmc", "sys", "/sys/\0"])
        {
            Assert.Null(machine.Files.Resolve(path));
            Assert.Null(await machine.Files.ReadAsync(path, default));
            Assert.Empty(machine.Files.List(path));
        }
    }

    [Fact]
    public async Task A_long_file_is_cut_and_a_directory_is_no_file()
    {
        _folder.Write("proc/long", new string('x', 100_000));
        EmulatedMachine machine = _folder.Open();
        Assert.Equal(65_536, (await machine.Files.ReadAsync("/proc/long", default))!.Length);
        Assert.True(machine.Files.DirectoryExists("/proc"));
        Assert.False(machine.Files.FileExists("/proc"));
        Assert.Null(await machine.Files.ReadAsync("/proc", default));
        Assert.Equal(["proc"], machine.Files.List("/"));
    }

    private void Link(string path, string target) => File.CreateSymbolicLink(Path.Combine(_folder.Path, path), target);
}
