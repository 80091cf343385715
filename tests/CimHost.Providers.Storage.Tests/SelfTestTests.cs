using CimHost.Providers.Storage.Cim;
using CimHost.Providers.Storage.Devices;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Hardware;
using CimHost.Sdk.Operations;
using CimHost.Sdk.Testing;
using CimHost.VmKernel.Devices.Emulation;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace CimHost.Providers.Storage.Tests;

/// <summary>Self-tests by method and by schedule, on emulated devices that take their time for them.</summary>
public sealed class SelfTestTests : IDisposable
{
    private const uint Started = 0;
    private const uint NotSupported = 1;
    private const uint InvalidParameter = 5;
    private const uint InUse = 6;
    private const uint InvalidTransition = 4097;
    private const ushort Suspend = 3;
    private const ushort Terminate = 4;
    private readonly string _folder = Directory.CreateTempSubdirectory("cimhost-selftest-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("ata-hdd-packed-times", "Short self-test completed without error")]
    [InlineData("nvme-client", "Short self-test completed without error")]
    [InlineData("scsi-sas-hdd", "Background short self-test completed without error")]
    public async Task A_self_test_starts_shows_its_progress_and_leaves_a_record(string fixture, string message)
    {
        StoragePackage package = Open(fixture);
        int before = (await package.EnumerateAsync(ClassNames.SelfTestRecord)).Count;
        Assert.Equal(InvalidParameter, await package.InvokeAsync("StartSelfTest", 9));
        Assert.Equal(Started, await package.InvokeAsync("StartSelfTest", 1));
        package.Host.Time.Advance(TimeSpan.FromSeconds(30));
        CimInstance drive = await package.DriveAsync();
        Assert.Equal((true, (ushort)50), (drive["SelfTestRunning"].AsBoolean(), drive["SelfTestPercentComplete"].ToObject()));
        Assert.Equal(InUse, await package.InvokeAsync("StartSelfTest", 2));

        package.Host.Time.Advance(TimeSpan.FromSeconds(40));
        Assert.False((await package.DriveAsync())["SelfTestRunning"].AsBoolean());
        IReadOnlyList<CimInstance> records = await package.EnumerateAsync(ClassNames.SelfTestRecord);
        Assert.Equal(before + 1, records.Count);
        Assert.Contains(records, r => r["Message"] == message && r["CompletionState"] == (ushort)2);
    }

    [Theory]
    [InlineData("ata-hdd-packed-times", "Extended self-test aborted by host")]
    [InlineData("nvme-wide-counters", "Extended self-test aborted by a command")]
    [InlineData("scsi-warns-of-temperature", "Background extended self-test aborted by a SEND DIAGNOSTIC command")]
    public async Task A_self_test_can_be_aborted(string fixture, string message)
    {
        StoragePackage package = Open(fixture);
        Assert.Equal(Started, await package.InvokeAsync("StartSelfTest", 2));
        Assert.Equal(Started, await package.InvokeAsync("AbortSelfTest"));
        CimInstance record = (await package.EnumerateAsync(ClassNames.SelfTestRecord)).Single();
        Assert.Equal(message, record["Message"]);
        Assert.Equal((ushort)SelfTestEnd.Stopped, record["CompletionState"]);
    }

    [Fact]
    public async Task A_disk_without_self_tests_says_so()
    {
        StoragePackage package = Open("nvme-plain");
        Assert.Equal(NotSupported, await package.InvokeAsync("StartSelfTest", 1));
        Assert.Equal(NotSupported, await package.InvokeAsync("AbortSelfTest"));
    }

    [Fact]
    public async Task A_disk_that_tells_of_its_self_tests_in_the_SMART_data_only_starts_them()
    {
        StoragePackage package = StoragePackage.Over(DiskFixture.Port("ata-self-tests-by-smart-data-only"));
        Assert.Equal(Started, await package.InvokeAsync("StartSelfTest", 1));
        Assert.Equal(NotSupported, await package.InvokeAsync("StartSelfTest", 3));
    }

    [Theory]
    [InlineData("ata-hdd-packed-times", "Extended self-test completed without error")]
    [InlineData("nvme-client", "Extended self-test completed without error")]
    [InlineData("scsi-sas-hdd", "Background extended self-test completed without error")]
    public async Task A_diagnostic_test_is_a_job_until_some_minutes_after_its_end(string fixture, string message)
    {
        StoragePackage package = Open(fixture);
        CimMethodResult answer = await package.RunAsync(SelfTestKind.Extended);
        Assert.Equal(Started, answer.ReturnValue);
        CimObjectPath job = answer.OutParameters["Job"]!.Value.AsReference()!;
        Assert.Equal(InUse, (await package.RunAsync(SelfTestKind.Short)).ReturnValue);

        package.Host.Time.Advance(TimeSpan.FromSeconds(30));
        CimInstance running = await JobAsync(package);
        Assert.Equal(job.KeyString, running.Path!.KeyString);
        Assert.Equal((SelfTestJobState.Running, (ushort)50), ((SelfTestJobState)(ushort)running["JobState"].ToObject()!, running["PercentComplete"].ToObject()));
        Assert.Equal(TimeSpan.FromSeconds(30), running["ElapsedTime"].AsDateTime()!.Value.ToTimeSpan());
        Assert.Equal(job.KeyString, (await package.EnumerateAsync(ClassNames.OwningJob)).Single()["OwnedElement"].AsReference()!.KeyString);
        Assert.Equal((await package.DriveAsync()).Path!.KeyString, (await package.EnumerateAsync(ClassNames.AffectedByJob)).Single()["AffectedElement"].AsReference()!.KeyString);

        package.Host.Time.Advance(TimeSpan.FromSeconds(40));
        CimInstance ended = await JobAsync(package);
        Assert.Equal((SelfTestJobState.Completed, (ushort)100, message), ((SelfTestJobState)(ushort)ended["JobState"].ToObject()!, ended["PercentComplete"].ToObject(), ended["JobStatus"].AsString()));
        Assert.Contains(
            await package.EnumerateAsync(ClassNames.SelfTestRecord),
            r => r["Message"] == message && r["ServiceName"] == "CimHost:extended-self-test" && r["CompletionState"] == (ushort)SelfTestEnd.Passed);
        Assert.Equal(InvalidTransition, (await EndAsync(package, job, Terminate)).ReturnValue);

        package.Host.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Empty(await package.EnumerateAsync(ClassNames.SelfTestJob));
    }

    [Theory]
    [InlineData("ata-hdd-packed-times")]
    [InlineData("nvme-wide-counters")]
    [InlineData("scsi-warns-of-temperature")]
    public async Task A_job_that_is_terminated_ends_the_test_of_the_disk(string fixture)
    {
        StoragePackage package = Open(fixture);
        CimObjectPath job = (await package.RunAsync(SelfTestKind.Short)).OutParameters["Job"]!.Value.AsReference()!;
        Assert.Equal(NotSupported, (await EndAsync(package, job, Suspend)).ReturnValue);
        Assert.Equal(Started, (await EndAsync(package, job, Terminate)).ReturnValue);
        Assert.Equal((ushort)SelfTestJobState.Terminated, (await JobAsync(package))["JobState"]);
        Assert.False((await package.DriveAsync())["SelfTestRunning"].AsBoolean());

        package.Host.Time.Advance(TimeSpan.FromSeconds(1));
        CimObjectPath next = (await package.RunAsync(SelfTestKind.Short)).OutParameters["Job"]!.Value.AsReference()!;
        Assert.NotEqual(job.KeyString, next.KeyString);
    }

    [Fact]
    public async Task A_job_can_be_killed_and_removed()
    {
        StoragePackage package = Open("ata-hdd-packed-times");
        CimObjectPath job = (await package.RunAsync(SelfTestKind.Short)).OutParameters["Job"]!.Value.AsReference()!;
        CimMethodResult answer = await StoragePackage.InvokeAsync(package.Jobs, job, "KillJob", new CimMethodParameter("DeleteOnKill", CimType.Boolean, true));
        Assert.Equal(Started, answer.ReturnValue);
        Assert.Empty(await package.EnumerateAsync(ClassNames.SelfTestJob));
        Assert.False((await package.DriveAsync())["SelfTestRunning"].AsBoolean());
    }

    [Fact]
    public async Task Only_a_disk_that_has_the_conveyance_test_runs_it()
    {
        StoragePackage with = Open("ata-hdd-packed-times", change: json => json.Replace("\"smart\": {", "\"smart\": { \"conveyanceTest\": true,", StringComparison.Ordinal));
        Assert.Equal(Started, (await with.RunAsync(SelfTestKind.Conveyance)).ReturnValue);
        with.Host.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal("Conveyance self-test completed without error", (await JobAsync(with))["JobStatus"]);
        Assert.Equal(3, (await with.EnumerateAsync(ClassNames.AvailableTest)).Count);

        foreach (string name in Directory.EnumerateFiles(Path.Combine(_folder, "disks")))
        {
            File.Delete(name);
        }

        StoragePackage without = Open("nvme-client");
        Assert.Equal(NotSupported, (await without.RunAsync(SelfTestKind.Conveyance)).ReturnValue);
        Assert.Equal(2, (await without.EnumerateAsync(ClassNames.AvailableTest)).Count);
    }

    [Fact]
    public async Task A_test_runs_on_disks_only()
    {
        StoragePackage package = Open("ata-hdd-packed-times");
        CimObjectPath computer = StoragePaths.System(package.Host, "root/cimv2");
        CimMethodResult answer = await StoragePackage.InvokeAsync(
            package.Tests, StoragePaths.DiagnosticTest(package.Host, "root/cimv2", SelfTestKind.Short), "RunDiagnosticService", new CimMethodParameter("ManagedElement", CimType.Reference, computer));
        Assert.Equal(InvalidParameter, answer.ReturnValue);
    }

    [Fact]
    public async Task The_schedule_starts_one_test_in_its_hour()
    {
        // 2026-01-01 is a Thursday, day 4 of the week; the clock begins at midnight.
        StoragePackage package = Open("ata-hdd-packed-times", new() { ["SelfTests"] = "(S/../.././02|L/../../4/03)" });
        Assert.Equal(0, await StartedAfter(package, TimeSpan.FromMinutes(90)));
        Assert.Equal(1, await StartedAfter(package, TimeSpan.FromMinutes(40)));
        Assert.Equal(1, await StartedAfter(package, TimeSpan.FromMinutes(45)));
        Assert.Equal(2, await StartedAfter(package, TimeSpan.FromMinutes(20)));
        Assert.Contains("extended self-test", package.Host.Log.Messages[^1]);
    }

    [Theory]
    [InlineData("S/../.././02", "2026-03-05T02:10:00Z", 1)]
    [InlineData("S/../.././02", "2026-03-05T03:10:00Z", 0)]
    [InlineData("(S/../.././02|L/../../6/02)", "2026-03-07T02:59:00Z", 2)]
    [InlineData("L/(01|04|07|10)/01/./04", "2026-04-01T04:00:00Z", 2)]
    [InlineData("L/(01|04|07|10)/01/./04", "2026-05-01T04:00:00Z", 0)]
    [InlineData("S/../../7/..", "2026-03-08T00:00:00Z", 1)]
    public void A_schedule_names_hours_as_smartd_does(string expression, string time, int kind)
    {
        Assert.True(SelfTestSchedule.TryParse(expression, out SelfTestSchedule? schedule));
        Assert.Equal(kind != 0, schedule!.IsDue(DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture), out SelfTestKind? due));
        Assert.Equal(kind, (int)(due ?? 0));
    }

    [Theory]
    [InlineData("SelfTests", "(S/")]
    [InlineData("SampleAgeSeconds", "-1")]
    [InlineData("CommandsPerDevice", "0")]
    [InlineData("NoSuchKey", "1")]
    public void A_wrong_configuration_is_refused(string key, string value) =>
        Assert.Throws<InvalidOperationException>(() => StorageOptions.Read(new Dictionary<string, string> { [key] = value }));

    private static async Task<int> StartedAfter(StoragePackage package, TimeSpan time)
    {
        for (int i = 0; i < time.TotalMinutes; i++)
        {
            package.Host.Time.Advance(TimeSpan.FromMinutes(1));
            await package.Runner.Started;
        }

        return package.Host.Log.Messages.Count(m => m.Contains("the scheduled", StringComparison.Ordinal) && m.Contains("was started", StringComparison.Ordinal));
    }

    private static async Task<CimInstance> JobAsync(StoragePackage package) => (await package.EnumerateAsync(ClassNames.SelfTestJob))[^1];

    private static Task<CimMethodResult> EndAsync(StoragePackage package, CimObjectPath job, ushort state) =>
        StoragePackage.InvokeAsync(package.Jobs, job, "RequestStateChange", new CimMethodParameter("RequestedState", CimType.UInt16, state));

    private StoragePackage Open(string fixture, Dictionary<string, string>? configuration = null, Func<string, string>? change = null)
    {
        Directory.CreateDirectory(Path.Combine(_folder, "disks"));
        File.WriteAllText(Path.Combine(_folder, "machine.json"), """{ "systemName": "fixture", "bios": { "version": "1", "date": "2026-01-01" } }""");
        string device = File.ReadAllText(DiskFixture.PathOf(fixture, "device.json"));
        File.WriteAllText(Path.Combine(_folder, "disks", "device.json"), change is null ? device : change(device));
        var host = new FakeProviderHost();
        foreach ((string key, string value) in configuration ?? [])
        {
            host.Configuration[key] = value;
        }

        host.Configuration["SampleAgeSeconds"] = "0";
        IReadOnlyList<IDiskPort> disks = EmulatedMachine.Open(_folder, host.Time, NullLogger.Instance).Disks;
        host.Hardware.SetDisks(disks);
        return new StoragePackage(host);
    }
}
