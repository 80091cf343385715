using CimHost.Providers.Storage.Cim;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Hardware;
using CimHost.Sdk.Providers;
using CimHost.Sdk.Testing;
using Xunit;

namespace CimHost.Providers.Storage.Tests;

/// <summary>Devices that are slow, asleep, silent or replaced, and how many commands they get at once.</summary>
public sealed class DeviceTests
{
    private static readonly string[] s_awake = ["ata-hdd-packed-times", "nvme-client", "scsi-sas-hdd", "enclosure-jbod"];

    [Fact]
    public async Task A_hanging_disk_delays_no_other()
    {
        ReplayDiskPort hanging = DiskFixture.Port("ata-hdd-4kn");
        hanging.Hang();
        StoragePackage package = StoragePackage.Over([hanging, .. s_awake.Select(DiskFixture.Port)]);
        await using IAsyncEnumerator<CimInstance> drives =
            package.Providers[ClassNames.DiskDrive].EnumerateAsync(StoragePackage.Schema.Request(ClassNames.DiskDrive), CancellationToken.None).GetAsyncEnumerator();
        for (int i = 0; i < 3; i++)
        {
            Assert.True(await drives.MoveNextAsync());
        }

        // The clock stands still: all others are there before the hanging disk has been given up.
        ValueTask<bool> next = drives.MoveNextAsync();
        Assert.False(next.IsCompleted);
        package.Host.Time.Advance(TimeSpan.FromSeconds(31));
        CimException e = await Assert.ThrowsAsync<CimException>(() => next.AsTask());
        Assert.Contains("recorded sda could not be read within 30 s", e.Message);
    }

    [Theory]
    [InlineData("1", 1)]
    [InlineData("4", 4)]
    public async Task No_more_commands_are_in_flight_than_configured(string configured, int most)
    {
        ReplayDiskPort[] ports = [.. s_awake.Select(DiskFixture.Port)];
        var package = StoragePackage.Over(new Dictionary<string, string> { ["CommandsPerDevice"] = configured, ["SampleAgeSeconds"] = "0" }, ports);
        string[] classes = [ClassNames.DiskDrive, ClassNames.DiskSensor, ClassNames.SmartAttribute, ClassNames.SelfTestRecord, ClassNames.StorageExtent];
        await Task.WhenAll(classes.SelectMany(c => Enumerable.Repeat(c, 4)).Select(c => Task.Run(() => package.EnumerateAsync(c))));
        Assert.All(ports, p => Assert.InRange(p.MaxInFlight, 1, most));
        Assert.All(ports, p => Assert.True(p.Commands.Count > 3));
    }

    [Fact]
    public async Task Classes_that_are_asked_for_together_share_one_reading()
    {
        ReplayDiskPort port = DiskFixture.Port("ata-hdd-packed-times");
        StoragePackage package = StoragePackage.Over(port);
        await package.EnumerateAsync(ClassNames.DiskDrive);
        int commands = port.Commands.Count;
        await package.EnumerateAsync(ClassNames.DiskSensor);
        await package.EnumerateAsync(ClassNames.SmartAttribute);
        Assert.Equal(commands, port.Commands.Count);

        package.Host.Time.Advance(TimeSpan.FromSeconds(6));
        await package.EnumerateAsync(ClassNames.SmartAttribute);
        Assert.True(port.Commands.Count > commands);
    }

    [Fact]
    public async Task Identity_alone_reads_no_health()
    {
        ReplayDiskPort port = DiskFixture.Port("ata-hdd-packed-times");
        StoragePackage package = StoragePackage.Over(port);
        CimInstance drive = (await package.EnumerateAsync(ClassNames.DiskDrive, "Model", "SerialNumber")).Single();
        Assert.Equal("EXAMPLE ST4000", drive["Model"]);
        Assert.DoesNotContain(port.Commands, IsSmart);
    }

    [Fact]
    public async Task A_disk_that_falls_asleep_keeps_its_last_values_with_their_age_and_is_not_woken()
    {
        ReplayDiskPort port = DiskFixture.Port("ata-hdd-packed-times");
        StoragePackage package = StoragePackage.Over(port);
        Assert.Equal("Ok", (await package.DriveAsync())["ReadingState"]);

        FallAsleep(port);
        int before = port.Commands.Count(IsSmart);
        package.Host.Time.Advance(TimeSpan.FromMinutes(10));
        CimInstance drive = await package.DriveAsync();
        Assert.Equal("Asleep", drive["ReadingState"]);
        Assert.Equal(34, drive["Temperature"]);
        Assert.Equal(600ul, drive["ReadingAgeSeconds"]);
        Assert.Equal("Standby", drive["PowerMode"]);
        CimInstance sensor = (await package.EnumerateAsync(ClassNames.DiskSensor)).Single();
        Assert.Equal(("Asleep", "Unknown"), (sensor["ReadingState"].AsString(), sensor["CurrentState"].AsString()));
        Assert.Equal(34, sensor["CurrentReading"]);
        Assert.Equal(before, port.Commands.Count(IsSmart));
    }

    [Fact]
    public async Task After_the_configured_number_of_skipped_polls_a_sleeping_disk_is_read()
    {
        ReplayDiskPort port = DiskFixture.Port("ata-hdd-packed-times");
        StoragePackage package = StoragePackage.Over(new Dictionary<string, string> { ["MaxSkippedPolls"] = "2" }, [port]);
        FallAsleep(port);
        var states = new List<string?>();
        for (int i = 0; i < 4; i++)
        {
            states.Add((await package.DriveAsync())["ReadingState"].AsString());
            package.Host.Time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(["Asleep", "Asleep", "Ok", "Asleep"], states);
    }

    [Fact]
    public async Task A_disk_that_stops_answering_is_told_with_its_last_values_and_the_reason()
    {
        ReplayDiskPort port = DiskFixture.Port("nvme-client");
        StoragePackage package = StoragePackage.Over(port);
        _ = await package.DriveAsync();
        port.SetFault((_, _) => throw new HardwareException(HardwareFault.TimedOut, "nvme0 did not answer in time."));
        package.Host.Time.Advance(TimeSpan.FromMinutes(1));
        CimInstance drive = await package.DriveAsync();
        Assert.Equal("TimedOut", drive["ReadingState"]);
        Assert.Equal("nvme0 did not answer in time.", drive["ReadingReason"]);
        Assert.Equal("{13}", drive["OperationalStatus"].ToString());
        Assert.Equal(60ul, drive["ReadingAgeSeconds"]);

        port.SetFault(null);
        package.Host.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("Ok", (await package.DriveAsync())["ReadingState"]);
    }

    [Fact]
    public async Task A_disk_that_was_replaced_is_another_instance_and_one_that_moved_is_not()
    {
        StoragePackage package = StoragePackage.Over(DiskFixture.Port("ata-hdd-4kn"));
        string first = (await package.DriveAsync()).Path!.KeyString;

        DiskRecording moved = DiskRecording.Parse(File.ReadAllText(DiskFixture.PathOf("ata-hdd-4kn", "commands.txt")).Replace("port sda scsi scsi-0:0:0:0", "port sdz scsi scsi-0:0:9:0", StringComparison.Ordinal));
        package.Host.Hardware.SetDisks(new ReplayDiskPort(moved));
        CimInstance drive = await package.DriveAsync();
        Assert.Equal((first, "sdz"), (drive.Path!.KeyString, drive["KernelName"].AsString()));

        package.Host.Hardware.SetDisks(DiskFixture.Port("ata-hdd-packed-times"));
        Assert.NotEqual(first, (await package.DriveAsync()).Path!.KeyString);
    }

    [Fact]
    public async Task A_disk_with_two_paths_is_one_disk()
    {
        StoragePackage package = StoragePackage.Over(DiskFixture.Port("scsi-sas-hdd"), DiskFixture.Port("scsi-sas-hdd"));
        Assert.Single(await package.EnumerateAsync(ClassNames.DiskDrive));
    }

    private static bool IsSmart(string command) => command.StartsWith("85 ", StringComparison.Ordinal) && command.Split(' ')[14] is "b0" or "2f";

    // CHECK POWER MODE: count register 0, standby.
    private static void FallAsleep(ReplayDiskPort port)
    {
        string check = port.Recording.Answers.Keys.Single(k => k.StartsWith("85 ", StringComparison.Ordinal) && k.Split(' ')[14] == "e5");
        byte[] sense = port.Recording.Answers[check].Sense.ToArray();
        sense[13] = 0;
        port.Set(check, new RecordedAnswer(2, sense, []));
    }
}
