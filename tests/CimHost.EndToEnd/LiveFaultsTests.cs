using CimHost.TestBed;
using Xunit;

namespace CimHost.EndToEnd;

/// <summary><c>cimhost hardware</c> on a running host: what is set and broken shows in CIM, without a restart.</summary>
public sealed class LiveFaultsTests
{
    private const string FreshSamples = "--Providers:CimHost.Providers.Storage:SampleAgeSeconds=0";

    [Fact]
    public async Task Sensors_disks_files_and_parts_are_set_broken_pulled_and_restored()
    {
        await using HostProcess host = await HostProcess.StartAsync(new HostSettings { Machine = RackServer.Source, Arguments = ["--Dispatch:DeadlineSeconds=60", FreshSamples] });
        using CimXmlClient client = CimXmlClient.Of(host);
        Assert.Contains("Inlet Temp", (await host.ClientAsync("hardware", "list")).Succeeded().Output, StringComparison.Ordinal);

        (await host.ClientAsync("hardware", "set", "Inlet Temp", "45")).Succeeded();
        await HoldsAsync(client, "OMC_NumericSensor", s => Value(s, "Name") == "Inlet Temp" && Value(s, "CurrentReading") == "45" && Value(s, "CurrentState") == "Upper Critical");

        (await host.ClientAsync("hardware", "set", "nvme0:temperature", "80")).Succeeded();
        await HoldsAsync(client, "CimHost_DiskDrive", d => Value(d, "KernelName") == "nvme0" && Value(d, "Temperature") == "80");
        (await host.ClientAsync("hardware", "fault", "sde", "fail")).Succeeded();
        await HoldsAsync(client, "CimHost_DiskDrive", d => Value(d, "KernelName") == "sde" && CimXmlClient.ValuesOf(d, "OperationalStatus").Contains("5"));

        (await host.ClientAsync("hardware", "set", "/sys/class/hwmon/hwmon0/temp1_input", "91000")).Succeeded();
        await HoldsAsync(client, "CimHost_HwmonSensor", s => Value(s, "CurrentReading") == "91000");

        // A pulled disk is no instance any more, and is one again when it is put back.
        (await host.ClientAsync("hardware", "fault", "sdd", "unplug")).Succeeded();
        await Eventually.HoldsAsync(() => client.EnumerateAsync("root/cimv2", "CimHost_DiskDrive"), a => a.ErrorCode == 0 && a.Instances.All(d => Value(d, "KernelName") != "sdd"), "the pulled disk to be gone");
        (await host.ClientAsync("hardware", "fault", "sdd", "plug")).Succeeded();
        await HoldsAsync(client, "CimHost_DiskDrive", d => Value(d, "KernelName") == "sdd");

        (await host.ClientAsync("hardware", "fault", "powerSupply.2", "unplug")).Succeeded();
        await HoldsAsync(client, "OMC_NumericSensor", s => Value(s, "Name") == "PSU2 Power In" && Value(s, "CurrentReading") is null && Value(s, "HealthState") != "25");

        Assert.Contains("taken back", (await host.ClientAsync("hardware", "clear")).Succeeded().Output, StringComparison.Ordinal);
        await HoldsAsync(client, "OMC_NumericSensor", s => Value(s, "Name") == "Inlet Temp" && Value(s, "CurrentReading") == "23");
        await HoldsAsync(client, "OMC_NumericSensor", s => Value(s, "Name") == "PSU2 Power In" && Value(s, "CurrentReading") == "110");
        await HoldsAsync(client, "CimHost_DiskDrive", d => Value(d, "KernelName") == "sde" && CimXmlClient.ValuesOf(d, "OperationalStatus").Contains("2"));

        ToolRun wrong = await host.ClientAsync("hardware", "fault", "Inlet Tmp", "fail");
        Assert.Equal(1, wrong.ExitCode);
        Assert.Contains("did you mean", wrong.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cut_and_a_damaged_answer_are_told_of_that_device_only()
    {
        await using HostProcess host = await HostProcess.StartAsync(new HostSettings { Machine = RackServer.Source, Arguments = ["--Dispatch:DeadlineSeconds=60", FreshSamples] });
        using CimXmlClient client = CimXmlClient.Of(host);
        int disks = (await client.EnumerateAsync("root/cimv2", "CimHost_DiskDrive")).Succeeded().Instances.Count;

        (await host.ClientAsync("hardware", "fault", "nvme0", "truncate", "--keep", "3")).Succeeded();
        (await host.ClientAsync("hardware", "fault", "sda", "corrupt", "--offset", "20")).Succeeded();
        CimXmlAnswer broken = await Eventually.HoldsAsync(
            () => client.EnumerateAsync("root/cimv2", "CimHost_DiskDrive"),
            a => Problems(a, "nvme0").Contains("3 bytes", StringComparison.Ordinal) && Problems(a, "sda").Contains("checksum", StringComparison.Ordinal),
            "what is wrong with the two disks");
        Assert.Equal(disks, broken.Succeeded().Instances.Count);
        Assert.All(broken.Instances.Select(d => Value(d, "KernelName")!).Where(n => n is not ("nvme0" or "sda")), n => Assert.Empty(Problems(broken, n)));
        Assert.NotEqual("5", Value(broken.Instances.Single(d => Value(d, "KernelName") == "nvme0"), "HealthState"));

        (await host.ClientAsync("hardware", "clear")).Succeeded();
        await Eventually.HoldsAsync(
            () => client.EnumerateAsync("root/cimv2", "CimHost_DiskDrive"), a => a.ErrorCode == 0 && a.Instances.Count == disks && a.Instances.All(d => Problems(a, Value(d, "KernelName")!).Length == 0), "all disks to be read again");
    }

    [Fact]
    public async Task A_UPS_is_pulled_and_put_back_and_its_reports_are_set()
    {
        await using HostProcess host = await HostProcess.StartAsync(new HostSettings { Machine = RepositoryRoot.PathOf("samples/machines/edge-box"), Arguments = ["--Dispatch:DeadlineSeconds=60"] });
        using CimXmlClient client = CimXmlClient.Of(host);
        string ups = (await host.ClientAsync("hardware", "list")).Succeeded().Lines.SelectMany(l => l.Split(' ')).First(w => w.StartsWith("hid-", StringComparison.Ordinal));
        Assert.NotEmpty((await client.EnumerateAsync("root/cimv2", "CIM_UninterruptiblePowerSupply")).Succeeded().Instances);

        // The README's: the mains is gone and the battery low, at 9 %.
        (await host.ClientAsync("hardware", "set", ups + ":feature.1", "01 09")).Succeeded();
        await Eventually.HoldsAsync(() => client.EnumerateAsync("root/cimv2", "CIM_Battery"), a => a.ErrorCode == 0 && a.Instances.Any(b => Value(b, "EstimatedChargeRemaining") == "9"), "the charge that was set");
        (await host.ClientAsync("hardware", "fault", ups, "unplug")).Succeeded();
        await Eventually.HoldsAsync(() => client.EnumerateAsync("root/cimv2", "CIM_UninterruptiblePowerSupply"), a => a.ErrorCode == 0 && a.Instances.Count == 0, "the pulled UPS to be gone");
        (await host.ClientAsync("hardware", "fault", ups, "plug")).Succeeded();
        (await host.ClientAsync("hardware", "clear")).Succeeded();
        await Eventually.HoldsAsync(() => client.EnumerateAsync("root/cimv2", "CIM_Battery"), a => a.ErrorCode == 0 && a.Instances.Any(b => Value(b, "EstimatedChargeRemaining") is not (null or "9")), "the charge as it was");
    }

    private static string? Value(System.Xml.Linq.XElement instance, string property) => CimXmlClient.ValueOf(instance, property);

    private static string Problems(CimXmlAnswer answer, string disk) =>
        string.Join(' ', CimXmlClient.ValuesOf(answer.Instances.Single(d => Value(d, "KernelName") == disk), "Problems"));

    private static Task HoldsAsync(CimXmlClient client, string className, Func<System.Xml.Linq.XElement, bool> condition) =>
        Eventually.HoldsAsync(() => client.EnumerateAsync("root/cimv2", className), a => a.ErrorCode == 0 && a.Instances.Any(condition), $"an instance of {className} as it was set");
}
