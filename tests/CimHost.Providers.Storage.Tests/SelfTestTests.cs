using CimHost.Providers.Storage.Cim;
using CimHost.Providers.Storage.Devices;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Hardware;
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
        Assert.Equal((ushort)5, record["CompletionState"]);
    }

    [Fact]
    public async Task A_disk_without_self_tests_says_so()
    {
        StoragePackage package = Open("nvme-plain");
        Assert.Equal(NotSupported, await package.InvokeAsync("StartSelfTest", 1));
        Assert.Equal(NotSupported, await package.InvokeAsync("AbortSelfTest"));
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

    private StoragePackage Open(string fixture, Dictionary<string, string>? configuration = null)
    {
        Directory.CreateDirectory(Path.Combine(_folder, "disks"));
        File.WriteAllText(Path.Combine(_folder, "machine.json"), """{ "systemName": "fixture", "bios": { "version": "1", "date": "2026-01-01" } }""");
        File.Copy(DiskFixture.PathOf(fixture, "device.json"), Path.Combine(_folder, "disks", "device.json"));
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
