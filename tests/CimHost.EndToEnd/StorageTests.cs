using CimHost.Sdk.Cim;
using CimHost.Sdk.Operations;
using CimHost.TestBed;
using CimHost.Wbem.Client;
using Xunit;

namespace CimHost.EndToEnd;

/// <summary>Disks of the emulated rack server over CIM-XML: self-tests as jobs, controllers, slots; file systems and optical modules.</summary>
public sealed class StorageTests : IAsyncLifetime
{
    private const string Namespace = "root/cimv2";
    private const ushort Running = 4;
    private const ushort Completed = 7;
    private const ushort Terminated = 8;
    private const ushort Terminate = 4;
    private readonly RackServer _machine = new();
    private HostProcess _host = null!;
    private CimSession _session = null!;

    public async Task InitializeAsync()
    {
        // The first disk tests itself in seconds, the second one in minutes.
        foreach ((string disk, int seconds) in new[] { ("sda", 4), ("sdb", 600) })
        {
            string path = Path.Combine(_machine.Folder, "disks", disk + ".json");
            string text = await File.ReadAllTextAsync(path);
            Assert.Contains("\"selfTestSeconds\"", text, StringComparison.Ordinal);
            await File.WriteAllTextAsync(path, System.Text.RegularExpressions.Regex.Replace(text, "\"selfTestSeconds\": [0-9]+", $"\"selfTestSeconds\": {seconds}"));
        }

        _host = await HostProcess.StartAsync(new HostSettings { Machine = _machine.Folder, Arguments = ["--Providers:CimHost.Providers.Storage:SampleAgeSeconds=0"] });
        _session = CimSession.Create($"http://127.0.0.1:{_host.HttpPort}", new CimSessionOptions { UserName = "root", Password = _host.Password });
    }

    public async Task DisposeAsync()
    {
        _session.Dispose();
        await _host.DisposeAsync();
        _machine.Dispose();
    }

    [Fact]
    public async Task A_self_test_runs_as_a_job_and_leaves_a_record_and_another_is_terminated()
    {
        CimObjectPath disk = await DiskAsync("sda"), slow = await DiskAsync("sdb");
        CimObjectPath[] tests = await _session.AssociatorNamesAsync(Namespace, disk, new CimAssociationOptions { AssociationClass = "CIM_AvailableDiagnosticService" }, default).ToArrayAsync();
        Assert.Equal(3, tests.Length);
        Assert.Equal(2, await _session.AssociatorNamesAsync(Namespace, slow, new CimAssociationOptions { AssociationClass = "CIM_AvailableDiagnosticService" }, default).CountAsync());
        CimObjectPath test = tests.Single(t => t["Name"] == "CimHost:short-self-test");

        CimObjectPath job = await RunAsync(test, disk), long_ = await RunAsync(test, slow);
        Assert.Equal(Running, (await _session.GetInstanceAsync(Namespace, long_))["JobState"]);
        Assert.Equal(
            new[] { disk.KeyString, test.KeyString }.Order(StringComparer.Ordinal),
            (await _session.AssociatorNamesAsync(Namespace, job, new CimAssociationOptions(), default).ToArrayAsync()).Select(p => p.KeyString).Order(StringComparer.Ordinal));
        CimMethodResult end = await _session.InvokeMethodAsync(Namespace, long_, "RequestStateChange", new([new CimMethodParameter("RequestedState", CimType.UInt16, Terminate)]), default);
        Assert.Equal(0u, end.ReturnValue);
        Assert.Equal(Terminated, (await _session.GetInstanceAsync(Namespace, long_))["JobState"]);

        CimInstance ended = await EndOfAsync(job);
        Assert.Equal((Completed, (ushort)100), (ended["JobState"].ToObject(), ended["PercentComplete"].ToObject()));
        Assert.Equal("Short self-test completed without error", ended["JobStatus"]);
        CimInstance record = await _session.QueryInstancesAsync(
            Namespace, "DMTF:CQL", "SELECT * FROM CIM_DiagnosticCompletionRecord WHERE ServiceName = 'CimHost:short-self-test' AND ManagedElementName = 'Example SSD 480GB (EXSS260001)'").FirstAsync();
        Assert.Equal((ushort)2, record["CompletionState"]);
    }

    [Fact]
    public async Task Disks_have_their_controllers_and_slots_and_file_systems_their_sizes_and_ports_their_modules()
    {
        CimInstance sas = await _session.EnumerateInstancesAsync(Namespace, "CIM_PortController").SingleAsync(c => c["OtherControllerType"] == "SAS");
        Assert.Equal(("pci-0000:17:00.0", "mpt3sas", "EXAMPLE-HBA-12G"), (sas["DeviceID"].AsString(), sas["Driver"].AsString(), sas["BoardName"].AsString()));
        Assert.Equal(6, await _session.AssociatorNamesAsync(Namespace, sas.Path!, new CimAssociationOptions { AssociationClass = "CIM_ControlledBy" }, default).CountAsync());

        CimInstance slot = await _session.EnumerateInstancesAsync(Namespace, "CimHost_EnclosureSlot").SingleAsync(s => s["SlotNumber"] == (ushort)1);
        CimInstance inSlot = await _session.AssociatorsAsync(Namespace, slot.Path!, new CimAssociationOptions { AssociationClass = "CimHost_DiskInEnclosureSlot" }, new CimInstanceOptions(), default).SingleAsync();
        Assert.Equal("sdf", inSlot["KernelName"]);

        CimInstance files = await _session.EnumerateInstancesAsync(Namespace, "CIM_LocalFileSystem").SingleAsync(f => f["Name"] == "/srv/data store");
        Assert.Equal((3_838_891_458_560UL, 1_203_378_610_176UL), (files["FileSystemSize"].ToObject(), files["AvailableSpace"].ToObject()));

        CimInstance module = await _session.EnumerateInstancesAsync(Namespace, "CimHost_OpticalModule").SingleAsync(m => m["InterfaceName"] == "ens1f0");
        Assert.Equal(("SFP", "LC", "SFP-10G-SR"), (module["FormFactor"].AsString(), module["Connector"].AsString(), module["PartNumber"].AsString()));
        CimInstance[] sensors = await _session.EnumerateInstancesAsync(Namespace, "CimHost_OpticalModuleSensor").Where(s => s["InterfaceName"] == "ens1f0").ToArrayAsync();
        Assert.Equal(5, sensors.Length);
        Assert.All(sensors, s => Assert.Equal("Normal", s["CurrentState"]));
    }

    private async Task<CimObjectPath> DiskAsync(string kernelName) =>
        (await _session.EnumerateInstancesAsync(Namespace, "CIM_DiskDrive").SingleAsync(d => d["KernelName"] == kernelName)).Path!;

    private async Task<CimObjectPath> RunAsync(CimObjectPath test, CimObjectPath disk)
    {
        CimMethodResult started = await _session.InvokeMethodAsync(Namespace, test, "RunDiagnosticService", new([new CimMethodParameter("ManagedElement", CimType.Reference, disk)]), default);
        Assert.Equal(0u, started.ReturnValue);
        return started.OutParameters["Job"]!.Value.AsReference()!;
    }

    private async Task<CimInstance> EndOfAsync(CimObjectPath job)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            CimInstance now = await _session.GetInstanceAsync(Namespace, job, limit.Token);
            if (now["JobState"] != Running)
            {
                return now;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), limit.Token);
        }
    }
}
