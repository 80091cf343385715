using CimHost.Providers.Ipmi.Tests.Bmc;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Hardware;
using Xunit;

namespace CimHost.Providers.Ipmi.Tests.Cim;

public class SensorInstanceTests
{
    private static readonly byte[] s_thresholds = [0x3F, 10, 5, 0, 70, 80, 90];

    private static ScriptedBmc Bmc()
    {
        var bmc = new ScriptedBmc();
        bmc.Add(SdrBytes.Full(0x30, "Ambient Temp", tolerance: 1, accuracy: 50), 23, 0xC0, 0xC0);
        bmc.Add(SdrBytes.Full(0x31, "12V", sensorType: 2, baseUnit: 4, m: 63, k2: -3, entity: 10), 190, 0xC0, 0xC0);
        bmc.Add(SdrBytes.Full(0x32, "Rotor A", sensorType: 4, baseUnit: 18, m: 60, entity: 29), 80, 0xC0, 0xC1);
        bmc.Add(SdrBytes.Compact(0x40, "Status", 0x08, entity: 10), 0, 0xC0, 0x03, 0x80);
        bmc.Thresholds[0x30] = s_thresholds;
        bmc.Thresholds[0x31] = [0x1B, 180, 170, 0, 200, 210, 0];
        bmc.Thresholds[0x32] = [0x01, 100, 0, 0, 0, 0, 0];
        return bmc;
    }

    private static CimInstance Named(IEnumerable<CimInstance> instances, string name) => instances.Single(i => i["Name"].AsString() == name);

    private static long Number(CimInstance instance, string property) =>
        instance[property].TryGetInt64(out long number) ? number : throw new InvalidOperationException($"{property} is {instance[property]}.");

    private static double Value(CimInstance instance, string property = "CurrentReading") => Number(instance, property) * Math.Pow(10, Number(instance, "UnitModifier"));

    [Fact]
    public async Task A_numeric_sensor_has_its_value_unit_thresholds_and_state()
    {
        CimInstance sensor = Named(await new IpmiTestHost(Bmc()).EnumerateAsync("OMC_NumericSensor"), "Ambient Temp");

        Assert.Equal("Ambient Temp", sensor["ElementName"].AsString());
        Assert.Equal("ipmi0:20.0.30", sensor["DeviceID"].AsString());
        Assert.Equal("testmachine", sensor["SystemName"].AsString());
        Assert.Equal(23, Value(sensor));
        Assert.Equal((ushort)2, sensor["BaseUnits"]);
        Assert.Equal((ushort)2, sensor["SensorType"]);
        Assert.Equal(0.5, Value(sensor, "Tolerance"), 9);
        Assert.Equal(50, Number(sensor, "Accuracy"));
        Assert.Equal(
            [10d, 70d, 5d, 80d, 0d, 90d],
            new[] { "LowerThresholdNonCritical", "UpperThresholdNonCritical", "LowerThresholdCritical", "UpperThresholdCritical", "LowerThresholdFatal", "UpperThresholdFatal" }.Select(t => Value(sensor, t)));
        Assert.Equal([0, 1, 2, 3, 4, 5], sensor["SupportedThresholds"].AsArray<ushort>()!);
        Assert.Equal([0, 1, 2, 3, 4, 5], sensor["SettableThresholds"].AsArray<ushort>()!);
        Assert.Equal(2, Value(sensor, "Hysteresis"), 9);
        Assert.Equal("Normal", sensor["CurrentState"].AsString());
        Assert.Equal((ushort)5, sensor["HealthState"]);
        Assert.Equal([2], sensor["OperationalStatus"].AsArray<ushort>()!);
        Assert.Equal("Ok", sensor["ReadingState"].AsString());
        Assert.True(sensor["ReadingReason"].IsNull);
    }

    [Fact]
    public async Task Values_keep_the_decimals_that_the_factors_give()
    {
        CimInstance volts = Named(await new IpmiTestHost(Bmc()).EnumerateAsync("OMC_NumericSensor"), "12V");

        Assert.Equal("Power Supply 1 12V", volts["ElementName"].AsString());
        Assert.Equal(11_970, Number(volts, "CurrentReading"));
        Assert.Equal(-3, Number(volts, "UnitModifier"));
        Assert.True(volts["LowerThresholdFatal"].IsNull);
        Assert.Equal([0, 1, 2, 3], volts["SupportedThresholds"].AsArray<ushort>()!);
    }

    [Fact]
    public async Task A_threshold_that_is_passed_shows_in_state_and_health()
    {
        CimInstance fan = Named(await new IpmiTestHost(Bmc()).EnumerateAsync("OMC_NumericSensor"), "Rotor A");

        Assert.Equal(4800, Value(fan));
        Assert.Equal("Lower Non-Critical", fan["CurrentState"].AsString());
        Assert.Equal((ushort)10, fan["HealthState"]);
        Assert.Equal([3], fan["OperationalStatus"].AsArray<ushort>()!);
    }

    [Fact]
    public async Task A_discrete_sensor_tells_all_its_states_and_the_worst_first()
    {
        CimInstance status = Assert.Single(await new IpmiTestHost(Bmc()).EnumerateAsync("OMC_DiscreteSensor"));

        Assert.Equal("Power Supply 1 Status", status["ElementName"].AsString());
        Assert.Equal("Failure detected", status["CurrentState"].AsString());
        Assert.Equal(["Presence detected", "Failure detected"], (IEnumerable<string?>)status["AssertedStates"].AsArray<string?>()!);
        Assert.Equal((ushort)25, status["HealthState"]);
        Assert.Contains("Predictive failure", status["PossibleStates"].AsArray<string?>()!);
    }

    [Fact]
    public async Task Every_sensor_is_also_there_in_raw()
    {
        ScriptedBmc bmc = Bmc().Add(SdrBytes.EventOnly(0x50, "Watchdog", 0x23));
        List<CimInstance> raw = await new IpmiTestHost(bmc).EnumerateAsync("OMC_RawIpmiSensor");

        Assert.Equal(5, raw.Count);
        CimInstance status = Named(raw, "Status");
        Assert.Equal((byte)0x40, status["SensorNumber"]);
        Assert.Equal((ushort)3, status["StateBits"]);
        Assert.Equal([0, 1], status["AssertedOffsets"].AsArray<byte>()!);
        Assert.Equal("Unsupported", Named(raw, "Watchdog")["ReadingState"].AsString());
    }

    [Theory]
    [InlineData(0x80, "Unavailable", "the controller does not scan the sensor", 3)]
    [InlineData(0xE0, "Unavailable", "the controller has no reading now", 6)]
    public async Task A_sensor_without_a_reading_is_unavailable_and_never_0(byte flags, string state, string reason, ushort enabled)
    {
        ScriptedBmc bmc = Bmc();
        bmc.Sensors[0x30] = [0, flags, 0xC0];
        List<CimInstance> sensors = await new IpmiTestHost(bmc).EnumerateAsync("OMC_NumericSensor");

        CimInstance sensor = Named(sensors, "Ambient Temp");
        Assert.Equal(state, sensor["ReadingState"].AsString());
        Assert.Equal(reason, sensor["ReadingReason"].AsString());
        Assert.True(sensor["CurrentReading"].IsNull);
        Assert.Equal("Unknown", sensor["CurrentState"].AsString());
        Assert.Equal((ushort)0, sensor["HealthState"]);
        Assert.Equal(enabled, sensor["EnabledState"]);
        Assert.Equal(70, Value(sensor, "UpperThresholdNonCritical"));
        Assert.Equal(11_970, Number(Named(sensors, "12V"), "CurrentReading"));
    }

    [Fact]
    public async Task A_lying_answer_costs_only_its_own_sensor()
    {
        ScriptedBmc bmc = Bmc();
        bmc.Sensors[0x30] = [23];
        (List<CimInstance> sensors, CimException? error) = await new IpmiTestHost(bmc).EnumerateToErrorAsync("OMC_NumericSensor");

        Assert.Null(error);
        Assert.Equal("Unavailable", Named(sensors, "Ambient Temp")["ReadingState"].AsString());
        Assert.Contains("1 bytes", Named(sensors, "Ambient Temp")["ReadingReason"].AsString());
        Assert.Equal(11_970, Number(Named(sensors, "12V"), "CurrentReading"));
    }

    [Fact]
    public async Task A_sensor_of_an_absent_entity_is_absent_and_not_critical()
    {
        ScriptedBmc bmc = Bmc();
        bmc.Sensors[0x31] = [0, 0xE0, 0xC0];
        bmc.Sensors[0x40] = [0, 0xC0, 0x08, 0x80];
        var host = new IpmiTestHost(bmc);

        CimInstance volts = Named(await host.EnumerateAsync("OMC_NumericSensor"), "12V");
        Assert.Equal("Absent", volts["ReadingState"].AsString());
        Assert.Contains("Power Supply 1 is not installed", volts["ReadingReason"].AsString());
        Assert.Equal((ushort)0, volts["HealthState"]);

        CimInstance supply = Assert.Single(await host.EnumerateAsync("OMC_PowerSupply"));
        Assert.Equal("Absent", supply["ReadingState"].AsString());
        Assert.Equal((ushort)0, supply["HealthState"]);

        Assert.Equal((ushort)5, Assert.Single(await host.EnumerateAsync("OMC_DiscreteSensor"))["HealthState"]);
    }

    [Fact]
    public async Task What_is_contained_in_an_absent_entity_is_absent_too()
    {
        ScriptedBmc bmc = Bmc();
        bmc.Add(SdrBytes.EntityAssociation(10, 1, false, 32, 4));
        bmc.Add(SdrBytes.Full(0x70, "Temp", entity: 32, instance: 4), 0, 0xE0, 0xC0);
        bmc.Sensors[0x40] = [0, 0xC0, 0x00, 0x80];

        Assert.Equal("Absent", Named(await new IpmiTestHost(bmc).EnumerateAsync("OMC_NumericSensor"), "Temp")["ReadingState"].AsString());
    }

    [Fact]
    public async Task A_shared_record_stands_for_each_of_its_sensors()
    {
        var bmc = new ScriptedBmc();
        bmc.Add(SdrBytes.Compact(0x60, "DIMM ", 0x0C, entity: 32, share: 0x13, shareFlags: 0x80));
        bmc.Sensors[0x60] = [0, 0xC0, 0x40, 0x80];
        bmc.Sensors[0x61] = [0, 0xC0, 0x02, 0x80];
        bmc.Sensors[0x62] = [0, 0xC0, 0x00, 0x80];
        List<CimInstance> sensors = await new IpmiTestHost(bmc).EnumerateAsync("OMC_DiscreteSensor");

        Assert.Equal(["DIMM A", "DIMM B", "DIMM C"], sensors.Select(s => s["Name"].AsString()));
        Assert.Equal(["Memory Device 1", "Memory Device 2", "Memory Device 3"], sensors.Select(s => s["SensorContext"].AsString()));
        Assert.Equal([5, 25, 5], sensors.Select(s => (int)Number(s, "HealthState")));
        Assert.Equal("No State Asserted", sensors[2]["CurrentState"].AsString());
    }

    [Fact]
    public async Task A_sweep_reads_each_sensor_once_and_thresholds_only_the_first_time()
    {
        ScriptedBmc bmc = Bmc();
        var host = new IpmiTestHost(bmc);
        await host.EnumerateAsync("OMC_NumericSensor");
        bmc.Port.ClearRequests();
        bmc.Sensors[0x30] = [24, 0xC0, 0xC0];

        Assert.Equal(24, Value(Named(await host.EnumerateAsync("OMC_NumericSensor"), "Ambient Temp")));
        Assert.Equal(3, bmc.Port.Requests.Count);
        Assert.Equal(3, bmc.Port.Count(0x04, 0x2D));
    }

    [Fact]
    public async Task Thresholds_that_can_be_set_are_read_again_after_a_while()
    {
        ScriptedBmc bmc = Bmc();
        var host = new IpmiTestHost(bmc);
        await host.EnumerateAsync("OMC_NumericSensor");
        bmc.Thresholds[0x30] = [0x3F, 11, 5, 0, 70, 80, 90];
        host.Host.Time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(11, Value(Named(await host.EnumerateAsync("OMC_NumericSensor"), "Ambient Temp"), "LowerThresholdNonCritical"));
    }

    [Fact]
    public async Task Names_are_told_without_reading_a_sensor()
    {
        ScriptedBmc bmc = Bmc();
        await new IpmiTestHost(bmc).EnumerateAsync("OMC_NumericSensor", []);

        Assert.Equal(0, bmc.Port.Count(0x04, 0x2D));
    }

    [Fact]
    public async Task GetInstance_reads_one_sensor()
    {
        ScriptedBmc bmc = Bmc();
        var host = new IpmiTestHost(bmc);
        CimObjectPath path = Named(await host.EnumerateAsync("OMC_NumericSensor", []), "12V").Path!;
        var provider = (CimHost.Sdk.Providers.ICimGetInstance)host.ProviderOf("OMC_NumericSensor");

        CimInstance? sensor = await provider.GetAsync(IpmiTestHost.Schema.Request("OMC_NumericSensor"), path, CancellationToken.None);
        Assert.Equal(11_970, Number(sensor!, "CurrentReading"));
        Assert.Equal(1, bmc.Port.Count(0x04, 0x2D));
    }

    [Fact]
    public async Task A_sensor_of_another_controller_is_read_through_the_bridge_with_its_own_thresholds()
    {
        ScriptedBmc bmc = Bmc();
        bmc.Add(SdrBytes.Full(0x10, "ME Temp", owner: 0x2C, ownerLun: 0x60));
        bmc.Port.SetFault((request, _) => ValueTask.FromResult<IpmiResponse?>(request switch
        {
            { IsBridged: false } => null,
            { Target: 0x2C, Channel: 6, Command: 0x2D } => new IpmiResponse(0, new byte[] { 44, 0xC0, 0xC0 }),
            { Target: 0x2C, Channel: 6, Command: 0x27 } => new IpmiResponse(0, new byte[] { 0x10, 0, 0, 0, 0, 77, 0 }),
            _ => new IpmiResponse(0xC1, default),
        }));
        CimInstance sensor = Named(await new IpmiTestHost(bmc).EnumerateAsync("OMC_NumericSensor"), "ME Temp");

        Assert.Equal(nameof(ReadingState.Ok), sensor["ReadingState"].AsString());
        Assert.Equal((44L, 77L), (Number(sensor, "CurrentReading"), Number(sensor, "UpperThresholdCritical")));
    }

    [Fact]
    public async Task A_controller_behind_the_BMC_that_is_silent_costs_one_command_and_none_of_the_BMC_s_sensors()
    {
        ScriptedBmc bmc = Bmc();
        for (byte number = 0x10; number < 0x18; number++)
        {
            bmc.Add(SdrBytes.Full(number, $"ME {number}", owner: 0x2C));
        }

        bmc.Add(SdrBytes.Full(0x20, "Last"), 40, 0xC0, 0xC0);
        bmc.Port.TimeOut(r => r.IsBridged);
        List<CimInstance> told = await new IpmiTestHost(bmc).EnumerateAsync("OMC_NumericSensor");

        Assert.Equal(8, told.Count(s => s["ReadingState"].AsString() == nameof(ReadingState.TimedOut)));
        Assert.Equal(40, Number(Named(told, "Last"), "CurrentReading"));
        Assert.Equal(1, bmc.Port.Requests.Count(r => r.IsBridged));
    }

    [Fact]
    public async Task A_sensor_of_system_software_is_told_as_unsupported()
    {
        ScriptedBmc bmc = Bmc();
        bmc.Add(SdrBytes.Full(0x10, "OS Temp", owner: 0x41));
        CimInstance sensor = Named(await new IpmiTestHost(bmc).EnumerateAsync("OMC_NumericSensor"), "OS Temp");

        Assert.Equal(nameof(ReadingState.Unsupported), sensor["ReadingState"].AsString());
        Assert.Contains("41h", sensor["ReadingReason"].AsString());
    }
}
