using CimHost.Providers.Platform.Providers;
using CimHost.Providers.Platform.Rollup;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Operations;
using CimHost.Sdk.Testing;
using Xunit;

namespace CimHost.Providers.Platform.Tests;

/// <summary>The health of the computer from that of its parts.</summary>
public sealed class RollupTests
{
    private readonly FakeProviderHost _host = new();
    private readonly ScriptedOperations _script;

    public RollupTests()
    {
        (ICimOperations operations, _script) = ScriptedOperations.Make();
        _host.Cim = operations;
    }

    [Theory]
    [InlineData(new int[0], 0, 0)]
    [InlineData(new[] { 0, 0 }, 0, 0)]
    [InlineData(new[] { 5, 0, 5 }, 5, 2)]
    [InlineData(new[] { 5, 10 }, 10, 3)]
    [InlineData(new[] { 15, 10 }, 15, 3)]
    [InlineData(new[] { 5, 20 }, 20, 6)]
    [InlineData(new[] { 30, 25, 5 }, 30, 6)]
    public async Task The_worst_part_that_tells_its_health_decides(int[] parts, int healthState, int operationalStatus)
    {
        _script.Add("CIM_PowerSource", [.. parts.Select((p, i) => Part("CIM_PowerSupply", $"PSU{i}", (ushort)p))]);
        CimInstance sensor = await SensorAsync();
        Assert.Equal("Rollup Health State", sensor["ElementName"].AsString());
        Assert.Equal((ushort)healthState, sensor["HealthState"]);
        Assert.Equal((ushort)operationalStatus, sensor["OperationalStatus"][0]);
    }

    [Fact]
    public async Task The_description_names_what_is_bad()
    {
        _script.Add("CIM_CoolingDevice", Part("CIM_Fan", "Fan1", 5), Part("CIM_Fan", "Fan2", 25));
        CimInstance sensor = await SensorAsync();
        Assert.Equal("Critical failure: Fan2", sensor["StatusDescriptions"][0].AsString());
        Assert.Equal("Critical failure", sensor["CurrentState"].AsString());
    }

    [Fact]
    public async Task Sensors_count_and_the_rollup_itself_is_not_asked()
    {
        _script.SetSensorClasses("CIM_NumericSensor", ClassNames.RollupHealthSensor);
        _script.Add("CIM_NumericSensor", Part("CIM_NumericSensor", "Inlet", 10));
        _script.Add(ClassNames.RollupHealthSensor, () => throw new InvalidOperationException("asked itself"));
        Assert.Equal((ushort)10, (await SensorAsync())["HealthState"]);
    }

    [Fact]
    public async Task A_class_that_fails_is_named_and_the_others_count()
    {
        _script.Add("CIM_Processor", Part("CIM_Processor", "CPU1", 5));
        _script.Add("CIM_PowerSource", Failing);
        CimInstance sensor = await SensorAsync();
        Assert.Equal((ushort)5, sensor["HealthState"]);
        Assert.Contains("the controller is gone", Assert.Single(Enumerable.Range(0, sensor["ClassesWithoutAnswer"].Count).Select(i => sensor["ClassesWithoutAnswer"][i].AsString()!)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_class_that_hangs_delays_the_others_no_longer_than_the_limit()
    {
        _script.Add("CIM_Processor", Part("CIM_Processor", "CPU1", 5));
        var reached = new TaskCompletionSource();
        _script.Add("CIM_PowerSource", () => Hanging(reached));
        Task<CimInstance> sensor = SensorAsync();
        await reached.Task;
        Assert.False(sensor.IsCompleted);
        _host.Time.Advance(TimeSpan.FromSeconds(6));
        CimInstance told = await sensor;
        Assert.Equal((ushort)5, told["HealthState"]);
        Assert.Equal(1, told["ClassesWithoutAnswer"].Count);
    }

    [Fact]
    public async Task The_chassis_takes_fans_power_and_sensors_but_not_the_processors()
    {
        _script.Add("CIM_Processor", Part("CIM_Processor", "CPU1", 25));
        _script.Add("CIM_CoolingDevice", Part("CIM_Fan", "Fan1", 10));
        var rollup = new HealthRollup(_host);
        Assert.Equal(10, (await rollup.ChassisAsync(CancellationToken.None)).Health.HealthState);
        Assert.Equal(25, (await rollup.SystemAsync(CancellationToken.None)).Health.HealthState);
    }

    private static CimInstance Part(string className, string name, ushort healthState)
    {
        var part = new CimInstance(PlatformPackage.Schema[className], "root/cimv2");
        part["ElementName"] = name;
        part["HealthState"] = healthState;
        return part;
    }

    private static async IAsyncEnumerable<CimInstance> Failing()
    {
        await Task.Yield();
        yield return Part("CIM_PowerSupply", "PSU1", 5);
        throw new CimException(CimStatusCode.Failed, "the controller is gone");
    }

    private static async IAsyncEnumerable<CimInstance> Hanging(TaskCompletionSource reached, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        reached.SetResult();
        await Task.Delay(Timeout.Infinite, cancellationToken);
        yield break;
    }

    private async Task<CimInstance> SensorAsync() => Assert.Single(await new PlatformPackage(_host).EnumerateAsync(ClassNames.RollupHealthSensor));
}
