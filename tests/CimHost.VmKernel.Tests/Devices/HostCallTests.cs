using System.Diagnostics;
using System.Text;
using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices;
using CimHost.VmKernel.Devices.HostCalls;
using Xunit;

namespace CimHost.VmKernel.Tests.Devices;

/// <summary>What Linux tells by system calls, as files.</summary>
public sealed class HostCallTests : IDisposable
{
    private const int NotSupported = 95;
    private readonly LinuxFileTree _system = new("/");
    private readonly string _folder = Directory.CreateTempSubdirectory("cimhost-hostcalls-").FullName;

    public void Dispose()
    {
        _system.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/proc")]
    public async Task The_size_of_a_file_system_is_that_of_df(string mount)
    {
        string path = HostCallPaths.FileSystem(mount);
        Assert.True(_system.FileExists(path));
        Assert.Equal(path, _system.Resolve(path));
        string[] lines = Encoding.ASCII.GetString((await _system.ReadAsync(path, CancellationToken.None))!).Split('\n');
        Assert.Equal(["size", "free", "available", ""], lines.Select(l => l.Split(' ')[0]));

        using var df = Process.Start(new ProcessStartInfo("df", ["-B1", "--output=size", mount]) { RedirectStandardOutput = true })!;
        string size = (await df.StandardOutput.ReadToEndAsync()).Split('\n')[1].Trim();
        Assert.Equal("size " + (size == "-" ? "0" : size), lines[0]);
    }

    [Fact]
    public async Task What_is_no_path_of_these_files_is_not_there()
    {
        foreach (string path in (string[])["/cimhost", "/cimhost/statvfs", "/cimhost/module-eeprom/eth0"])
        {
            Assert.True(_system.DirectoryExists(path), path);
        }

        foreach (string path in (string[])["/cimhost/x", "/cimhost/statvfs/proc", "/cimhost/statvfs/%2Fno-such-mount", "/cimhost/module-eeprom/eth0/50", "/cimhost/module-eeprom/eth0/50.zz", "/cimhost/module-eeprom/a-name-that-is-too-long/50.lower"])
        {
            Assert.Null(_system.Resolve(path));
            Assert.Null(await _system.ReadAsync(path, CancellationToken.None));
        }
    }

    [Fact]
    public async Task The_copy_of_another_computer_has_the_copied_ones()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "cimhost", "statvfs"));
        await File.WriteAllTextAsync(Path.Combine(_folder, "cimhost", "statvfs", "%2F"), "size 7\n");
        using var copy = new LinuxFileTree(_folder);
        Assert.Equal("size 7\n", Encoding.ASCII.GetString((await copy.ReadAsync(HostCallPaths.FileSystem("/"), CancellationToken.None))!));
        Assert.Null(await copy.ReadAsync(HostCallPaths.FileSystem("/proc"), CancellationToken.None));
    }

    [Fact]
    public async Task The_loopback_interface_has_no_module()
    {
        HardwareException e = await Assert.ThrowsAsync<HardwareException>(async () => await _system.ReadAsync(HostCallPaths.ModulePage("lo", 0x50, null), CancellationToken.None));

        // Without the capability for it (CAP_NET_ADMIN) the kernel does not even look.
        Assert.Contains(e.Fault, new[] { HardwareFault.Unsupported, HardwareFault.Unavailable });
        Assert.Contains("The module of lo cannot be read", e.Message);
    }

    [Fact]
    public void A_page_is_asked_for_as_ethtool_netlink_has_it()
    {
        Assert.True(BitConverter.IsLittleEndian);
        Assert.Equal(
            "4c000000" + "1500" + "0100" + "02000000" + "00000000" + "1f010000"
            + "1000" + "0180" + "0900" + "0200" + "6574683000" + "000000"
            + "0800" + "0200" + "80000000" + "0800" + "0300" + "80000000"
            + "0500" + "0400" + "03000000" + "0500" + "0500" + "00000000" + "0500" + "0600" + "50000000",
            Convert.ToHexStringLower(GenericNetlink.ModuleRequest(0x15, new ModulePage("eth0", 0x50, 3), 2)));
        Assert.Equal(
            "20000000" + "1000" + "0100" + "01000000" + "00000000" + "03010000" + "0c00" + "0200" + "657468746f6f6c00",
            Convert.ToHexStringLower(GenericNetlink.FamilyRequest("ethtool", 1)));
    }

    [Fact]
    public void Answers_are_read_and_broken_ones_refused()
    {
        byte[] family = Convert.FromHexString("24000000100000000100000000000000" + "01020000" + "0600020065740000" + "0600010015000000");
        Assert.Equal((0, 0x15), (GenericNetlink.ReadFamily(family, 1, out ushort number), number));
        Assert.Equal(-1, GenericNetlink.ReadFamily(family, 2, out _));

        byte[] data = Convert.FromHexString("24000000150000000200000000000000" + "20010000" + "08000180" + "00000000" + "0700070003040700");
        Assert.Equal(0, GenericNetlink.ReadModule(data, 2, out byte[] page));
        Assert.Equal("030407", Convert.ToHexString(page));
        for (int length = 0; length < data.Length; length++)
        {
            Assert.Equal(-1, GenericNetlink.ReadModule(data.AsSpan(0, length), 2, out _));
        }

        byte[] error = Convert.FromHexString("24000000020000000200000000000000" + Convert.ToHexString(BitConverter.GetBytes(-NotSupported)) + "00000000000000000000000000000000");
        Assert.Equal(NotSupported, GenericNetlink.ReadModule(error, 2, out _));
    }
}
