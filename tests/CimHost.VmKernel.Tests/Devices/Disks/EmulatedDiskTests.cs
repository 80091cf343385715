using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices.Emulation;
using CimHost.VmKernel.Devices.Emulation.Faults;
using CimHost.VmKernel.Tests.Emulation;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace CimHost.VmKernel.Tests.Devices.Disks;

/// <summary>Disks of an emulated machine: put in, pulled, edited, and made to fail while it runs.</summary>
public sealed class EmulatedDiskTests : IDisposable
{
    private const string Nvme = """{ "name": "nvme0", "kind": "nvme", "location": "pci-0000:01:00.0", "model": "M", "serialNumber": "S1", "firmware": "F", "health": { "temperature": 40 } }""";
    private const string Ata = """{ "name": "sda", "kind": "ata", "location": "scsi-0:0:0:0", "model": "M", "serialNumber": "S2", "firmware": "F", "capacityBytes": 1000000000 }""";
    private static readonly NvmeAdminCommand s_health = new(0x02, 0xFFFFFFFF, DataDirection.FromDevice, 512) { Dword10 = 0x007F0002 };
    private static readonly ScsiCommand s_inquiry = ScsiCommand.Read(new byte[] { 0x12, 0, 0, 0, 96, 0 }, 96);
    private readonly string _root = Directory.CreateTempSubdirectory("cimhost-emulated-disks-").FullName;
    private readonly ManualTime _time = new();

    public EmulatedDiskTests()
    {
        Directory.CreateDirectory(Path.Combine(_root, "disks"));
        File.WriteAllText(Path.Combine(_root, "machine.json"), """{ "systemName": "m", "bios": { "version": "1", "date": "2026-01-01" } }""");
        Write("nvme0", Nvme);
        Write("sda", Ata);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task A_disk_is_put_in_and_pulled_while_the_machine_runs()
    {
        EmulatedMachine machine = Open();
        int changes = 0;
        machine.Changed += (_, _) => changes++;
        IDiskPort pulled = machine.Disks.Single(d => d.Name == "sda");
        File.Delete(Path.Combine(_root, "disks", "sda.json"));
        Write("sdb", Ata.Replace("sda", "sdb", StringComparison.Ordinal).Replace("S2", "S3", StringComparison.Ordinal));
        machine.Refresh();
        Assert.Equal(1, changes);
        Assert.Equal(["sdb", "nvme0"], machine.Disks.Select(d => d.Name));
        HardwareException e = await Assert.ThrowsAsync<HardwareException>(() => pulled.ScsiAsync(s_inquiry, CancellationToken.None).AsTask());
        Assert.Equal(HardwareFault.Unavailable, e.Fault);
    }

    [Fact]
    public async Task An_edited_value_shows_in_the_next_answer_and_is_no_change_of_devices()
    {
        EmulatedMachine machine = Open();
        int changes = 0;
        machine.Changed += (_, _) => changes++;
        IDiskPort nvme = machine.Disks.Single(d => d.Name == "nvme0");
        Assert.Equal(313, await TemperatureAsync(nvme));
        Write("nvme0", Nvme.Replace("40", "71", StringComparison.Ordinal));
        machine.Refresh();
        Assert.Equal(344, await TemperatureAsync(nvme));
        Assert.Equal((0, nvme), (changes, machine.Disks.Single(d => d.Name == "nvme0")));
    }

    [Fact]
    public async Task A_replaced_disk_is_another_port()
    {
        EmulatedMachine machine = Open();
        IDiskPort before = machine.Disks.Single(d => d.Name == "nvme0");
        Write("nvme0", Nvme.Replace("S1", "S9", StringComparison.Ordinal));
        machine.Refresh();
        Assert.NotSame(before, machine.Disks.Single(d => d.Name == "nvme0"));
        await Assert.ThrowsAsync<HardwareException>(() => before.NvmeAdminAsync(s_health, CancellationToken.None).AsTask());
    }

    [Fact]
    public async Task Faults_hang_truncate_corrupt_and_fail_one_disk_only()
    {
        EmulatedMachine machine = Open();
        IDiskPort nvme = machine.Disks.Single(d => d.Name == "nvme0"), sda = machine.Disks.Single(d => d.Name == "sda");
        machine.Faults.Set(new FaultRule { Effect = FaultEffect.Hang, Port = "sda" });
        Task<ScsiResponse> hanging = sda.ScsiAsync(s_inquiry, CancellationToken.None).AsTask();
        Assert.Equal(313, await TemperatureAsync(nvme));
        Assert.False(hanging.IsCompleted);
        machine.Faults.Clear();
        Assert.True((await hanging).IsGood);

        machine.Faults.Set(new FaultRule { Effect = FaultEffect.Truncate, Port = "nvme0", Keep = 7 });
        Assert.Equal(7, (await nvme.NvmeAdminAsync(s_health, CancellationToken.None)).Data.Length);
        machine.Faults.Set(new FaultRule { Effect = FaultEffect.Corrupt, Port = "nvme0", Offset = 1, Mask = 0x01 });
        Assert.Equal(312, await TemperatureAsync(nvme));
        machine.Faults.Set(new FaultRule { Effect = FaultEffect.CompletionCode, Port = "nvme0", CompletionCode = 6 });
        Assert.Equal(6, (await nvme.NvmeAdminAsync(s_health, CancellationToken.None)).Status);
        machine.Faults.Set(new FaultRule { Effect = FaultEffect.CompletionCode, Port = "sda", CommandCode = 0x12 });
        Assert.Equal(2, (await sda.ScsiAsync(s_inquiry, CancellationToken.None)).Status);
        Assert.True((await sda.ScsiAsync(new ScsiCommand(new byte[6]), CancellationToken.None)).IsGood);
        machine.Faults.Set(new FaultRule { Effect = FaultEffect.SessionLoss, Port = "sda" });
        HardwareException e = await Assert.ThrowsAsync<HardwareException>(() => sda.ScsiAsync(s_inquiry, CancellationToken.None).AsTask());
        Assert.Equal(HardwareFault.Unavailable, e.Fault);
    }

    [Theory]
    [InlineData("""{ "name": "x", "kind": "floppy" }""", "expected one of ata, nvme, scsi, enclosure")]
    [InlineData("""{ "name": "x", "kind": "nvme", "location": "", "model": "M", "serialNumber": "S", "firmware": "F" }""", "\"health\" is missing")]
    [InlineData("""{ "name": "sda", "kind": "ata", "location": "", "model": "M", "serialNumber": "S", "firmware": "F" }""", "sda is described twice")]
    [InlineData("""{ "name": "x", "kind": "ata", "location": "", "model": "M", "serialNumber": "S", "firmware": "F", "speed": 1 }""", "there is no such property")]
    public void A_wrong_description_is_refused_with_its_place(string text, string reason)
    {
        Write("wrong", text);
        MachineFileException e = Assert.Throws<MachineFileException>(Open);
        Assert.StartsWith("disks/wrong.json:", e.Message);
        Assert.Contains(reason, e.Message);
    }

    private static async Task<int> TemperatureAsync(IDiskPort port)
    {
        ReadOnlyMemory<byte> data = (await port.NvmeAdminAsync(s_health, CancellationToken.None)).Data;
        return data.Span[1] | (data.Span[2] << 8);
    }

    private EmulatedMachine Open() => EmulatedMachine.Open(_root, _time, NullLogger.Instance);

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_root, "disks", name + ".json"), text);
}
