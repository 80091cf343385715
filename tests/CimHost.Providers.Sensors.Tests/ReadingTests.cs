using CimHost.Providers.Sensors.Files;
using CimHost.Providers.Sensors.Providers;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Hardware;
using CimHost.Sdk.Providers;
using CimHost.Sdk.Testing;
using Xunit;

namespace CimHost.Providers.Sensors.Tests;

/// <summary>How attributes are read: what waits for what, what is left unread, and what survives failure.</summary>
public sealed class ReadingTests
{
    private const string Chip = "/sys/class/hwmon/hwmon0";

    [Theory]
    [InlineData("lm75-i2c", "lm75-i2c-1-48/temp1", 36500, -3, 36500)]
    [InlineData("nct6775-every-channel", "nct6779-isa-0290/in0", 848, -3, 848)]
    [InlineData("nct6775-every-channel", "nct6779-isa-0290/fan1", 1180, 0, 1180)]
    [InlineData("nct6775-every-channel", "nct6779-isa-0290/curr1", 12500, -3, 12500)]
    [InlineData("nct6775-every-channel", "nct6779-isa-0290/power1", 150250000, -6, 150250000)]
    [InlineData("nct6775-every-channel", "nct6779-isa-0290/power2", 3200000, -3, 3200000000)]
    [InlineData("nct6775-every-channel", "nct6779-isa-0290/energy1", 987654322, -3, 987654321987)]
    [InlineData("nct6775-every-channel", "nct6779-isa-0290/humidity1", 41500, -3, 41500)]
    [InlineData("acpi-power-meter", "power_meter-acpi-ACPI000D:00/power1", 264000000, -6, 264000000)]
    public async Task Reading_times_modifier_is_the_kernels_value(string fixture, string id, int reading, int modifier, long kernelValue)
    {
        CimInstance sensor = await SensorPackage.Over(fixture).SensorAsync(id);
        Assert.Equal(reading, sensor["CurrentReading"]);
        Assert.Equal(modifier, sensor["UnitModifier"]);
        Assert.Equal(kernelValue, sensor["KernelValue"]);
    }

    [Fact]
    public async Task A_faulty_probe_has_no_reading_and_no_bad_health()
    {
        SensorPackage package = SensorPackage.Over("fault-alarm-disabled");
        CimInstance sensor = await package.SensorAsync("w83781d-isa-0290/temp1");
        Assert.True(sensor["CurrentReading"].IsNull);
        Assert.Equal("Unavailable", sensor["ReadingState"]);
        Assert.Contains("reports a fault", sensor["ReadingReason"].AsString(), StringComparison.Ordinal);
        Assert.Equal((ushort)0, sensor["HealthState"]);
    }

    [Fact]
    public async Task Nothing_without_a_reading_is_ever_in_bad_health()
    {
        foreach (string fixture in SysfsFixture.Cases)
        {
            SensorPackage package = SensorPackage.Over(fixture);
            foreach (string className in new[] { ClassNames.HwmonSensor, ClassNames.ThermalZone, ClassNames.HwmonDiscreteSensor, ClassNames.CoolingDevice })
            {
                foreach (CimInstance instance in (await package.EnumerateAsync(className)).Where(i => i["ReadingState"] != "Ok"))
                {
                    Assert.Equal((ushort)0, instance["HealthState"]);
                    Assert.False(instance["ReadingReason"].IsNull, $"{instance.Path} has no reason");
                    Assert.True(!instance.TryGetValue("CurrentReading", out CimValue reading) || reading.IsNull, $"{instance.Path} has a reading");
                }
            }
        }
    }

    [Fact]
    public async Task A_changed_value_is_in_the_next_enumeration()
    {
        SensorPackage package = SensorPackage.Over("lm75-i2c");
        await package.SensorAsync("lm75-i2c-1-48/temp1");
        package.Host.Hardware.Files.Add("/sys/devices/pci0000:00/0000:00:1f.3/i2c-1/1-0048/hwmon/hwmon0/temp1_input", "81000\n");
        CimInstance sensor = await package.SensorAsync("lm75-i2c-1-48/temp1");
        Assert.Equal(81000, sensor["CurrentReading"]);
        Assert.Equal("Upper Non-Critical", sensor["CurrentState"]);
        Assert.Equal((ushort)10, sensor["HealthState"]);
    }

    [Fact]
    public async Task A_stable_name_does_not_follow_the_hwmon_number()
    {
        FakeProviderHost host = new();
        SysfsFixture.Load(host.Hardware.Files, "coretemp");
        var package = new SensorPackage(host);
        string?[] before = [.. (await package.EnumerateAsync(ClassNames.HwmonSensor)).Select(i => i["DeviceID"].AsString())];
        host.Hardware.Files.Remove("/sys/class/hwmon/hwmon2");
        host.Hardware.Files.Remove("/sys/class/hwmon/hwmon10");
        host.Hardware.Files.AddLink("/sys/class/hwmon/hwmon0", "/sys/devices/platform/coretemp.1/hwmon/hwmon10");
        host.Hardware.Files.AddLink("/sys/class/hwmon/hwmon1", "/sys/devices/platform/coretemp.0/hwmon/hwmon2");
        string?[] after = [.. (await package.EnumerateAsync(ClassNames.HwmonSensor)).Select(i => i["DeviceID"].AsString())];
        Assert.Equal(before, after);
    }

    [Fact]
    public async Task A_hung_attribute_delays_only_its_own_channel_and_times_out()
    {
        var host = new FakeProviderHost();
        var hang = new TaskCompletionSource<byte[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        var started = new SemaphoreSlim(0);
        int reads = 0;
        AddChip(host, channels: 6);
        host.Hardware.Files.Add(Chip + "/temp2_input", _ =>
        {
            Interlocked.Increment(ref reads);
            started.Release();
            return new ValueTask<byte[]>(hang.Task);
        });
        var package = new SensorPackage(host);
        CimProviderRequest request = SensorPackage.Schema.Request(ClassNames.HwmonSensor);
        await using IAsyncEnumerator<CimInstance> sensors = package.Providers[ClassNames.HwmonSensor].EnumerateAsync(request, CancellationToken.None).GetAsyncEnumerator();

        // The clock stands still: the five others arrive although the hung one has neither answered nor timed out.
        for (int i = 0; i < 5; i++)
        {
            Assert.True(await sensors.MoveNextAsync());
            Assert.Equal("Ok", sensors.Current["ReadingState"]);
        }

        ValueTask<bool> last = sensors.MoveNextAsync();
        Assert.False(last.IsCompleted);
        await started.WaitAsync();
        host.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.True(await last);
        Assert.Equal("TimedOut", sensors.Current["ReadingState"]);
        Assert.Contains("temp2_input", sensors.Current["ReadingReason"].AsString(), StringComparison.Ordinal);
        Assert.True(sensors.Current["CurrentReading"].IsNull);
        Assert.False(await sensors.MoveNextAsync());
        Assert.Equal(1, reads);
    }

    [Fact]
    public async Task A_read_that_never_returned_is_not_started_again_until_it_does()
    {
        var host = new FakeProviderHost();
        var hang = new TaskCompletionSource<byte[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        var started = new SemaphoreSlim(0);
        int reads = 0;
        AddChip(host, channels: 1);
        host.Hardware.Files.Add(Chip + "/temp1_input", _ =>
        {
            Interlocked.Increment(ref reads);
            started.Release();
            return new ValueTask<byte[]>(hang.Task);
        });
        AttributeReader reader = new SensorPackage(host).Reader;
        using ReadLimit firstLimit = reader.StartLimit(CancellationToken.None);
        Task<AttributeContent> first = reader.ReadAsync(Chip + "/temp1_input", firstLimit).AsTask();
        await started.WaitAsync();
        host.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(ReadingState.TimedOut, (await first).State);

        using ReadLimit secondLimit = reader.StartLimit(CancellationToken.None);
        Task<AttributeContent> second = reader.ReadAsync(Chip + "/temp1_input", secondLimit).AsTask();
        Assert.False(second.IsCompleted);
        hang.SetResult("42000\n"u8.ToArray());
        Assert.Equal(42000, (await second).AsNumber(Chip).Value);
        Assert.Equal(1, reads);
    }

    [Fact]
    public async Task A_cancelled_enumeration_ends_although_a_read_hangs()
    {
        var host = new FakeProviderHost();
        using var cancellation = new CancellationTokenSource();
        var started = new SemaphoreSlim(0);
        AddChip(host, channels: 1);
        host.Hardware.Files.Add(Chip + "/temp1_input", _ =>
        {
            started.Release();
            return new ValueTask<byte[]>(new TaskCompletionSource<byte[]>().Task);
        });
        CimProviderRequest request = SensorPackage.Schema.Request(ClassNames.HwmonSensor);
        Task<List<CimInstance>> enumeration = new SensorPackage(host).Providers[ClassNames.HwmonSensor].EnumerateAsync(request, cancellation.Token).ToListAsync().AsTask();
        await started.WaitAsync();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => enumeration);
    }

    [Fact]
    public async Task Names_alone_read_no_value()
    {
        var host = new FakeProviderHost();
        AddChip(host, channels: 2);
        foreach (string attribute in new[] { "temp1_input", "temp2_input", "temp1_label" })
        {
            host.Hardware.Files.AddUnreadable($"{Chip}/{attribute}", HardwareFault.Unavailable, "must not be read");
            host.Hardware.Files.Add($"{Chip}/{attribute}", _ => throw new InvalidOperationException($"{attribute} was read"));
        }

        var package = new SensorPackage(host);
        IReadOnlyList<CimInstance> named = await package.EnumerateAsync(ClassNames.HwmonSensor, "DeviceID", "SystemName", "SensorType");
        Assert.Equal(["odd-virtual-0/temp1", "odd-virtual-0/temp2"], named.Select(i => i["DeviceID"].AsString()));
        await Assert.ThrowsAsync<InvalidOperationException>(() => package.EnumerateAsync(ClassNames.HwmonSensor, "CurrentReading"));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("fast")]
    [InlineData("60001")]
    public void A_wrong_time_limit_names_key_value_and_range(string value)
    {
        var host = new FakeProviderHost();
        host.Configuration["ReadTimeoutMilliseconds"] = value;
        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => new SensorPackage(host));
        Assert.Contains("ReadTimeoutMilliseconds", e.Message, StringComparison.Ordinal);
        Assert.Contains($"'{value}'", e.Message, StringComparison.Ordinal);
        Assert.Contains("10 to 60000", e.Message, StringComparison.Ordinal);
    }

    private static void AddChip(FakeProviderHost host, int channels)
    {
        host.Hardware.Files.Add(Chip + "/name", "odd\n");
        for (int i = 1; i <= channels; i++)
        {
            host.Hardware.Files.Add($"{Chip}/temp{i}_input", "20000\n");
        }
    }
}
