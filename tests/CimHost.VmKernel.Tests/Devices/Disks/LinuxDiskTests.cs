using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices;
using CimHost.VmKernel.Devices.Disks;
using CimHost.VmKernel.Tests.Emulation;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace CimHost.VmKernel.Tests.Devices.Disks;

/// <summary>The disks that the kernel shows below a system root, and the port of one.</summary>
public sealed class LinuxDiskTests : IDisposable
{
    private static readonly DiskNode s_sda = new("sda", DiskProtocol.Scsi, "scsi-0:0:0:0", "/dev/sda");
    private readonly string _root = Directory.CreateTempSubdirectory("cimhost-linux-disks-").FullName;
    private readonly ManualTime _time = new();

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Disks_enclosures_and_NVMe_controllers_are_found_with_their_places()
    {
        AddScsi("0:0:0:0", 0, "sda", "sg0");
        AddScsi("0:0:1:0", 20, "sdb", "sg1");
        AddScsi("0:0:2:0", 5, "sr0", "sg2");
        AddScsi("0:0:3:0", 13, null, "sg3");
        AddScsi("1:0:0:0", 0, "sdaa", "sg4");
        AddNvme("nvme0", "0000:5e:00.0");
        Assert.Equal(
            ["sda Scsi scsi-0:0:0:0", "sdb Scsi scsi-0:0:1:0", "sg3 Scsi scsi-0:0:3:0", "sdaa Scsi scsi-1:0:0:0", "nvme0 Nvme pci-0000:5e:00.0"],
            DiskNodes.Find(_root).Select(p => $"{p.Name} {p.Protocol} {p.Location}"));
    }

    [Fact]
    public async Task A_disk_that_comes_and_goes_is_told_and_its_port_fails()
    {
        AddScsi("0:0:0:0", 0, "sda", "sg0");
        await using HostHardware hardware = HostHardware.Open(new HardwareOptions { SystemRoot = _root }, NullLoggerFactory.Instance, _time);
        IDiskPort first = Assert.Single(hardware.Disks);
        var changes = new System.Collections.Concurrent.BlockingCollection<int>();
        hardware.Changed += (_, _) => changes.Add(hardware.Disks.Count);

        AddNvme("nvme0", "0000:5e:00.0");
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.True(changes.TryTake(out int count, TimeSpan.FromSeconds(30)));
        Assert.Equal(2, count);
        Assert.Same(first, hardware.Disks[0]);

        Directory.Delete(Path.Combine(_root, "sys/class/scsi_device/0:0:0:0"), recursive: true);
        await hardware.Devices.RescanAsync();
        Assert.True(changes.TryTake(out count, TimeSpan.FromSeconds(30)));
        Assert.Equal(1, count);
        HardwareException e = await Assert.ThrowsAsync<HardwareException>(() => first.ScsiAsync(new ScsiCommand(new byte[6]), CancellationToken.None).AsTask());
        Assert.Equal(HardwareFault.Unavailable, e.Fault);
    }

    [Fact]
    public async Task Commands_of_one_disk_are_carried_out_one_after_another()
    {
        var disk = new Disk();
        using var port = new LinuxDiskPort(s_sda, () => disk);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => port.ScsiAsync(new ScsiCommand(new byte[6]), CancellationToken.None).AsTask()));
        Assert.Equal((20, 1), (disk.Calls, disk.MaxAtOnce));
    }

    [Fact]
    public async Task A_command_that_hangs_in_the_kernel_holds_neither_its_caller_nor_another_disk()
    {
        using var release = new ManualResetEventSlim();
        var hanging = new Disk { Before = release.Wait };
        using var port = new LinuxDiskPort(s_sda, () => hanging);
        using var stop = new CancellationTokenSource();
        Task<ScsiResponse> first = port.ScsiAsync(new ScsiCommand(new byte[6]), stop.Token).AsTask();
        using var other = new LinuxDiskPort(s_sda with { Name = "sdb" }, () => new Disk());
        Assert.True((await other.ScsiAsync(new ScsiCommand(new byte[6]), CancellationToken.None)).IsGood);
        Assert.False(first.IsCompleted);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        release.Set();
    }

    [Fact]
    public async Task A_node_that_failed_is_opened_again_with_the_next_command()
    {
        int opened = 0;
        using var port = new LinuxDiskPort(s_sda, () => new Disk { Before = ++opened == 1 ? () => throw new HardwareException(HardwareFault.Unavailable, "gone") : null });
        await Assert.ThrowsAsync<HardwareException>(() => port.ScsiAsync(new ScsiCommand(new byte[6]), CancellationToken.None).AsTask());
        Assert.True((await port.ScsiAsync(new ScsiCommand(new byte[6]), CancellationToken.None)).IsGood);
        Assert.Equal(2, opened);
    }

    [Theory]
    [InlineData(5, 0)]
    [InlineData(17, 0)]
    [InlineData(6, 65_537)]
    [InlineData(6, -1)]
    public async Task A_command_that_cannot_be_is_refused_before_it_reaches_the_disk(int cdb, int transfer)
    {
        var disk = new Disk();
        using var port = new LinuxDiskPort(s_sda, () => disk);
        HardwareException e = await Assert.ThrowsAsync<HardwareException>(() => port.ScsiAsync(ScsiCommand.Read(new byte[cdb], transfer), CancellationToken.None).AsTask());
        Assert.Equal((HardwareFault.Unsupported, 0), (e.Fault, disk.Calls));
        e = await Assert.ThrowsAsync<HardwareException>(() => port.NvmeAdminAsync(new NvmeAdminCommand(6), CancellationToken.None).AsTask());
        Assert.Equal(HardwareFault.Unsupported, e.Fault);
    }

    [Fact]
    public async Task A_node_that_is_no_disk_says_so()
    {
        string file = Path.Combine(_root, "file");
        File.WriteAllText(file, "no disk");
        using var port = new LinuxDiskPort(s_sda with { Path = file });
        HardwareException e = await Assert.ThrowsAsync<HardwareException>(() => port.ScsiAsync(new ScsiCommand(new byte[6]), CancellationToken.None).AsTask());
        Assert.Equal(HardwareFault.Unsupported, e.Fault);
        Assert.Contains(file, e.Message);
    }

    private void AddScsi(string address, int type, string? block, string generic)
    {
        string device = Path.Combine(_root, "sys/class/scsi_device", address, "device");
        Directory.CreateDirectory(Path.Combine(device, "scsi_generic", generic));
        File.WriteAllText(Path.Combine(device, "type"), type + "\n");
        if (block is not null)
        {
            Directory.CreateDirectory(Path.Combine(device, "block", block));
        }

        AddNode(block ?? generic);
    }

    private void AddNvme(string name, string address)
    {
        string device = Path.Combine(_root, "sys/class/nvme", name);
        Directory.CreateDirectory(device);
        File.WriteAllText(Path.Combine(device, "address"), address + "\n");
        File.WriteAllText(Path.Combine(device, "transport"), "pcie\n");
        AddNode(name);
    }

    private void AddNode(string name)
    {
        Directory.CreateDirectory(Path.Combine(_root, "dev"));
        File.WriteAllBytes(Path.Combine(_root, "dev", name), []);
    }

    private sealed class Disk : ILinuxDisk
    {
        private int _now;

        public Action? Before { get; init; }

        public int Calls { get; private set; }

        public int MaxAtOnce { get; private set; }

        public ScsiResponse Scsi(in ScsiCommand command, TimeSpan limit)
        {
            MaxAtOnce = Math.Max(MaxAtOnce, Interlocked.Increment(ref _now));
            Calls++;
            Before?.Invoke();
            Interlocked.Decrement(ref _now);
            return new ScsiResponse(0, default, default);
        }

        public NvmeAdminResponse NvmeAdmin(in NvmeAdminCommand command, TimeSpan limit) => throw new NotSupportedException();

        public void Dispose()
        {
        }
    }
}
