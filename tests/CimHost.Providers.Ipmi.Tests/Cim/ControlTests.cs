using CimHost.Providers.Ipmi.Tests.Bmc;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Hardware;
using CimHost.Sdk.Operations;
using CimHost.Sdk.Providers;
using CimHost.Sdk.Testing;
using Xunit;

namespace CimHost.Providers.Ipmi.Tests.Cim;

/// <summary>Power, watchdog, identify light, chassis state, network, DCMI and redundancy as CIM tells them.</summary>
public class ControlTests
{
    private readonly ScriptedBmc _bmc = new();
    private readonly ScriptedControl _control;
    private readonly IpmiTestHost _host;

    public ControlTests()
    {
        _control = new ScriptedControl(_bmc);
        _bmc.Add(SdrBytes.Full(1, "Inlet Temp"), 23, 0xC0, 0xC0);
        _host = new IpmiTestHost(_bmc);
    }

    private static CimObjectPath System { get; } = new("OMC_UnitaryComputerSystem", [new("CreationClassName", "OMC_UnitaryComputerSystem"), new("Name", "testmachine")], "root/cimv2");

    [Theory]
    [InlineData(true, 5, "control 02", 0)]
    [InlineData(true, 6, "control 00", 0)]
    [InlineData(true, 8, "control 05", 0)]
    [InlineData(true, 9, "control 02", 0)]
    [InlineData(true, 10, "control 03", 0)]
    [InlineData(true, 11, "control 04", 0)]
    [InlineData(true, 12, "control 05", 0)]
    [InlineData(false, 2, "control 01", 0)]
    [InlineData(true, 2, null, 4097)]
    [InlineData(false, 10, null, 4097)]
    [InlineData(false, 6, null, 4097)]
    [InlineData(true, 3, null, 1)]
    [InlineData(true, 14, null, 1)]
    [InlineData(true, 0, null, 1)]
    public async Task A_power_state_becomes_a_chassis_control_or_is_refused(bool on, int state, string? done, int result)
    {
        _bmc.ChassisPower = on ? (byte)0x21 : (byte)0x20;
        Assert.Equal((uint)result, await RequestAsync((ushort)state));
        Assert.Equal(done is null ? [] : [done], _control.Done);
    }

    [Fact]
    public async Task The_association_has_the_power_state_and_what_can_be_asked_for()
    {
        CimInstance link = Assert.Single(await _host.EnumerateAsync("OMC_AssociatedPowerManagementService"));
        Assert.Equal("OMC_PowerManagementService", link["ServiceProvided"].AsReference()!.ClassName);
        Assert.Equal(System.KeyString, link["UserOfService"].AsReference()!.KeyString);
        Assert.Equal((ushort)2, link["PowerState"]);
        Assert.Equal((ushort)12, link["RequestedPowerState"]);
        Assert.Equal([5, 6, 8, 9, 10, 11, 12], link["AvailableRequestedPowerStates"].AsArray<ushort>()!.Select(s => (int)s));
        CimInstance capabilities = Assert.Single(await _host.EnumerateAsync("OMC_PowerManagementCapabilities"));
        Assert.Equal([2, 5, 6, 8, 9, 10, 11, 12], capabilities["RequestedPowerStatesSupported"].AsArray<ushort>()!.Select(s => (int)s));

        Assert.Equal(0u, await RequestAsync(6));
        link = Assert.Single(await _host.EnumerateAsync("OMC_AssociatedPowerManagementService"));
        Assert.Equal((ushort)8, link["PowerState"]);
        Assert.Equal((ushort)6, link["RequestedPowerState"]);
        Assert.Equal([2], link["AvailableRequestedPowerStates"].AsArray<ushort>()!.Select(s => (int)s));
    }

    [Fact]
    public async Task Graceful_off_is_13_where_the_property_numbers_it()
    {
        Assert.Equal(0u, await RequestAsync(12));
        Assert.Equal((ushort)13, Assert.Single(await _host.EnumerateAsync("OMC_AssociatedPowerManagementService"))["RequestedPowerState"]);
    }

    [Fact]
    public async Task A_chassis_without_a_diagnostic_interrupt_is_not_asked_for_one()
    {
        ScriptedBmc bmc = new ScriptedBmc().Add(SdrBytes.Full(1, "Inlet Temp"), 23, 0xC0, 0xC0);
        var control = new ScriptedControl(bmc);
        bmc.Port.On(0x00, 0x00, 0x01, 0x20, 0x20, 0x20, 0x20);
        var host = new IpmiTestHost(bmc);
        Assert.Equal(1u, await RequestAsync(11, host));
        Assert.Empty(control.Done);
    }

    [Fact]
    public async Task The_wrong_element_a_time_or_a_limit_is_refused()
    {
        var other = new CimObjectPath("OMC_UnitaryComputerSystem", [new("CreationClassName", "OMC_UnitaryComputerSystem"), new("Name", "other")], "root/cimv2");
        Assert.Equal(5u, await RequestAsync(6, parameters: [Element(other)]));
        Assert.Equal(5u, await RequestAsync(6, parameters: []));
        Assert.Equal(5u, await RequestAsync(6, parameters: [Element(System), new("Time", CimType.DateTime, new CimDateTime(TimeSpan.FromHours(1)))]));
        Assert.Equal(4098u, await RequestAsync(6, parameters: [Element(System), new("TimeoutPeriod", CimType.DateTime, new CimDateTime(TimeSpan.FromSeconds(5)))]));
        Assert.Empty(_control.Done);
        Assert.Equal(0u, await RequestAsync(6, parameters: [Element(System), new("TimeoutPeriod", CimType.DateTime, new CimDateTime(TimeSpan.Zero))]));
    }

    [Fact]
    public async Task The_computer_of_the_host_itself_is_switched_only_when_the_configuration_says_so()
    {
        _bmc.Port.LeadsToThisComputer = true;
        foreach (Func<Task> act in new Func<Task>[] { () => RequestAsync(6), () => WatchdogAsync("Stop"), () => WatchdogAsync("KeepAlive"), () => StartAsync(10_000, 1) })
        {
            CimException e = await Assert.ThrowsAsync<CimException>(act);
            Assert.Equal(CimStatusCode.AccessDenied, e.Status);
            Assert.Contains("ControlThisComputer", e.Message, StringComparison.Ordinal);
        }

        Assert.Empty(_control.Done);
        Assert.Empty(Assert.Single(await _host.EnumerateAsync("OMC_PowerManagementCapabilities"))["RequestedPowerStatesSupported"].AsArray<ushort>()!);
        Assert.Equal((ushort)3, Assert.Single(await _host.EnumerateAsync("OMC_PowerManagementService"))["EnabledState"]);

        ScriptedBmc bmc = new ScriptedBmc().Add(SdrBytes.Full(1, "Inlet Temp"), 23, 0xC0, 0xC0);
        var control = new ScriptedControl(bmc);
        bmc.Port.LeadsToThisComputer = true;
        var allowed = new IpmiTestHost(new Dictionary<string, string> { ["ControlThisComputer"] = "true" }, bmc);
        Assert.Equal(0u, await RequestAsync(6, allowed));
        Assert.Equal(["control 00"], control.Done);
    }

    [Fact]
    public async Task A_controller_that_refuses_or_is_silent_fails_the_method_and_not_the_host()
    {
        _bmc.Port.On(0x00, 0x02, _ => new IpmiResponse(0xD4, default));
        Assert.Equal(4u, await RequestAsync(6));
        _bmc.Port.TimeOut(r => r is { NetFn: 0, Command: 2 });
        Assert.Equal(3u, await RequestAsync(6));
        Assert.Equal((ushort)12, Assert.Single(await _host.EnumerateAsync("OMC_AssociatedPowerManagementService"))["RequestedPowerState"]);
    }

    [Fact]
    public async Task The_watchdog_is_told_and_controlled()
    {
        _control.Watchdog = [0x44, 0x12, 5, 0x10, 0x2C, 0x01, 0x3C, 0];
        CimInstance watchdog = Assert.Single(await _host.EnumerateAsync("OMC_Watchdog"));
        Assert.Equal(true, watchdog["Running"]);
        Assert.Equal((30_000u, 6_000u, 30_000_000u), (Number(watchdog["Timeout"]), Number(watchdog["Remaining"]), Number(watchdog["TimeoutInterval"])));
        Assert.Equal(((ushort)2, (ushort)2), ((ushort)Number(watchdog["MonitoredEntity"]), (ushort)Number(watchdog["ActionOnExpiration"])));
        Assert.Equal((1u, 5u), (Number(watchdog["PreTimeoutInterrupt"]), Number(watchdog["PreTimeout"])));
        Assert.Equal("SMS/OS", Assert.Single(watchdog["ExpiredUses"].AsArray<string?>()!));

        Assert.Equal(0u, await StartAsync(60_000, 1));
        Assert.Equal(0u, await WatchdogAsync("KeepAlive"));
        Assert.Equal(0u, await WatchdogAsync("Stop"));
        Assert.Equal(["watchdog 0401003E5802", "watchdog 041205002C01"], _control.Done);
        Assert.Equal(2, _bmc.Port.Count(0x06, 0x22));
    }

    [Theory]
    [InlineData(50, 1)]
    [InlineData(150, 1)]
    [InlineData(6_553_600, 1)]
    [InlineData(1000, 4)]
    public async Task A_watchdog_is_not_started_with_what_it_cannot_have(uint timeout, int action)
    {
        Assert.Equal(5u, await StartAsync(timeout, (ushort)action));
        Assert.Empty(_control.Done);
    }

    [Fact]
    public async Task A_watchdog_answer_without_the_present_countdown_tells_no_remaining_time()
    {
        _control.Watchdog = [0x44, 0x01, 0, 0, 0xFF, 0xFF];
        CimInstance watchdog = Assert.Single(await _host.EnumerateAsync("OMC_Watchdog"));
        Assert.True(watchdog["Remaining"].IsNull);
        Assert.Equal(6_553_500u, Number(watchdog["Timeout"]));
        Assert.True(watchdog["TimeoutInterval"].IsNull); // beyond 32 bits of microseconds
    }

    [Fact]
    public async Task A_watchdog_that_was_never_set_cannot_be_kept_alive()
    {
        _control.WatchdogKnown = false;
        Assert.Equal(4u, await WatchdogAsync("KeepAlive"));
    }

    [Fact]
    public async Task A_controller_without_watchdog_or_DCMI_has_none()
    {
        var host = new IpmiTestHost(new ScriptedBmc().Add(SdrBytes.Full(1, "Inlet Temp"), 23, 0xC0, 0xC0));
        foreach (string name in new[] { "OMC_Watchdog", "OMC_DcmiPowerSensor", "OMC_LANEndpoint", "OMC_IPProtocolEndpoint", "OMC_IntrusionSensor", "OMC_RedundancySet" })
        {
            Assert.Empty(await host.EnumerateAsync(name));
        }
    }

    [Theory]
    [InlineData(0x40, 4, null)]
    [InlineData(0x50, 2, true)]
    [InlineData(0x60, 2, false)]
    [InlineData(0x70, 0, null)]
    [InlineData(0x00, 0, null)]
    public async Task The_identify_light_is_what_the_chassis_status_says(byte misc, int state, bool? temporary)
    {
        _bmc.ChassisMisc = misc;
        CimInstance led = Assert.Single(await _host.EnumerateAsync("OMC_IndicatorLED"));
        Assert.Equal((ushort)state, led["ActivationState"]);
        Assert.Equal(temporary is { } known ? (CimValue)known : default, led["Temporary"]);
    }

    [Theory]
    [InlineData(2, null, "identify 0001", 0)]
    [InlineData(2, 30, "identify 1E", 0)]
    [InlineData(4, null, "identify 00", 0)]
    [InlineData(2, 0, null, 5)]
    [InlineData(3, null, null, 5)]
    public async Task The_identify_light_is_lit_and_put_out(int state, int? seconds, string? done, int result)
    {
        var parameters = new List<CimMethodParameter> { new("ActivationState", CimType.UInt16, (ushort)state) };
        if (seconds is { } time)
        {
            parameters.Add(new CimMethodParameter("Seconds", CimType.UInt8, (byte)time));
        }

        Assert.Equal((uint)result, await InvokeAsync(_host, "OMC_IndicatorLED", "SetActivationState", [.. parameters]));
        Assert.Equal(done is null ? [] : [done], _control.Done);
    }

    [Fact]
    public async Task The_chassis_tells_its_faults_policy_and_last_restart()
    {
        _bmc.ChassisPower = 0x4B;
        _bmc.ChassisMisc = 0x49;
        CimInstance chassis = Assert.Single(await _host.EnumerateAsync("OMC_Chassis"));
        Assert.Equal(true, chassis["Intrusion"]);
        Assert.Equal(true, chassis["PowerFault"]);
        Assert.Equal(true, chassis["PowerOverload"]);
        Assert.Equal(true, chassis["CoolingFault"]);
        Assert.Equal(false, chassis["DriveFault"]);
        Assert.Equal((ushort)2, chassis["PowerRestorePolicy"]);
        Assert.Equal((ushort)4, chassis["LastRestartCause"]);
    }

    [Fact]
    public async Task The_intrusion_switch_is_a_sensor_only_where_no_record_describes_one()
    {
        CimInstance sensor = Assert.Single(await _host.EnumerateAsync("OMC_IntrusionSensor"));
        Assert.Equal("No State Asserted", sensor["CurrentState"].AsString());
        Assert.Equal((ushort)5, sensor["HealthState"]);
        _bmc.ChassisMisc = 0x01;
        sensor = Assert.Single(await _host.EnumerateAsync("OMC_IntrusionSensor"));
        Assert.Equal("General chassis intrusion", sensor["CurrentState"].AsString());
        Assert.Equal((ushort)10, sensor["HealthState"]);

        _bmc.LastAddition++;
        _bmc.Add(SdrBytes.Compact(0x60, "Intru", 0x05), 0, 0xC0, 0x01, 0x80);
        _host.Host.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Empty(await _host.EnumerateAsync("OMC_IntrusionSensor"));
    }

    [Fact]
    public async Task The_network_of_the_controller_is_told_without_secrets()
    {
        CimInstance ip = Assert.Single(await _host.EnumerateAsync("OMC_IPProtocolEndpoint"));
        Assert.Equal(("192.0.2.10", "255.255.255.0", "192.0.2.1", "DHCP"), (ip["IPv4Address"].AsString(), ip["SubnetMask"].AsString(), ip["DefaultGateway"].AsString(), ip["AddressSource"].AsString()));
        Assert.Equal(((ushort)4, (byte)2), ((ushort)Number(ip["AddressOrigin"]), (byte)Number(ip["Channel"])));
        CimInstance lan = Assert.Single(await _host.EnumerateAsync("OMC_LANEndpoint"));
        Assert.Equal(("02005E100001", 100u, 5u), (lan["MACAddress"].AsString(), Number(lan["VLANID"]), Number(lan["VLANPriority"])));
        CimInstance binding = Assert.Single(await _host.EnumerateAsync("OMC_BindsToLANEndpoint"));
        Assert.Equal((lan.Path!.KeyString, ip.Path!.KeyString), (binding["Antecedent"].AsReference()!.KeyString, binding["Dependent"].AsReference()!.KeyString));
        Assert.Equal(2, (await _host.EnumerateAsync("OMC_HostedAccessPoint")).Count);

        // Of the LAN parameters only these are ever asked for: not 16 (community) nor any other.
        Assert.Equal([3, 4, 5, 6, 12, 20, 21], _bmc.Port.Requests.Where(r => r.NetFn == 0x0C).Select(r => (int)r.Data.Span[1]).Distinct().Order());
    }

    [Fact]
    public async Task Without_a_VLAN_there_is_no_number_of_one()
    {
        _control.Lan[20] = [0x64, 0x00];
        CimInstance lan = Assert.Single(await _host.EnumerateAsync("OMC_LANEndpoint"));
        Assert.True(lan["VLANID"].IsNull);
        Assert.True(lan["VLANPriority"].IsNull);
    }

    [Fact]
    public async Task DCMI_tells_power_with_statistics_and_none_as_unavailable()
    {
        byte[] data = [0xDC, 0xE0, 0x00, 0xAA, 0x00, 0x0E, 0x01, 0xDC, 0x00, 0x40, 0x01, 0x45, 0x6A, 0x40, 0x9C, 0x00, 0x00, 0x40];
        _bmc.Port.On(0x2C, 0x02, _ => new IpmiResponse(0, data));
        CimInstance power = Assert.Single(await _host.EnumerateAsync("OMC_DcmiPowerSensor"));
        Assert.Equal((224, 170u, 270u, 220u, 40_000u), ((int)Number(power["CurrentReading"]), Number(power["MinimumReading"]), Number(power["MaximumReading"]), Number(power["AverageReading"]), Number(power["StatisticsPeriod"])));
        Assert.Equal((ushort)7, power["BaseUnits"]);
        data[17] = 0;
        power = Assert.Single(await _host.EnumerateAsync("OMC_DcmiPowerSensor"));
        Assert.True(power["CurrentReading"].IsNull);
        Assert.Equal(("Unavailable", (ushort)0), (power["ReadingState"].AsString(), (ushort)Number(power["HealthState"])));
        data[0] = 0xDD;
        (List<CimInstance> told, CimException? error) = await _host.EnumerateToErrorAsync("OMC_DcmiPowerSensor");
        Assert.Empty(told);
        Assert.Contains("Get Power Reading", error!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0x01, 2)]
    [InlineData(0x02, 4)]
    [InlineData(0x04, 3)]
    [InlineData(0x08, 4)]
    [InlineData(0x10, 4)]
    [InlineData(0x20, 5)]
    [InlineData(0x40, 3)]
    [InlineData(0x80, 3)]
    [InlineData(0x24, 5)]
    [InlineData(0x00, 0)]
    public async Task A_redundancy_set_has_the_status_of_its_sensor_and_the_members_of_its_entity(byte states, int status)
    {
        _bmc.Add(SdrBytes.Compact(0x70, "PSU Redundancy", 0x09, eventType: 0x0B, entity: 0x13, instance: 1), 0, 0xC0, states, 0x80);
        _bmc.Add(SdrBytes.EntityAssociation(0x13, 1, true, 10, 1, 10, 2));
        for (byte i = 1; i <= 3; i++)
        {
            _bmc.Add(SdrBytes.Compact((byte)(0x70 + i), $"PSU{i} Status", 0x08, entity: 10, instance: i), 0, 0xC0, 0x01, 0x80);
        }

        CimInstance set = Assert.Single(await _host.EnumerateAsync("OMC_RedundancySet"));
        Assert.Equal((ushort)status, set["RedundancyStatus"]);
        List<CimInstance> members = await _host.EnumerateAsync("OMC_MemberOfCollection");
        Assert.Equal(["ipmi0:psu.10.1", "ipmi0:psu.10.2"], members.Select(m => m["Member"].AsReference()!["DeviceID"].AsString()));
        Assert.All(members, m => Assert.Equal(set.Path!.KeyString, m["Collection"].AsReference()!.KeyString));
        Assert.Equal(System.KeyString, Assert.Single(await _host.EnumerateAsync("OMC_OwningCollectionElement"))["OwningElement"].AsReference()!.KeyString);
    }

    [Fact]
    public async Task Without_associations_all_power_supplies_are_in_the_set()
    {
        _bmc.Add(SdrBytes.Compact(0x70, "PSU Redundancy", 0x08, eventType: 0x0B, entity: 0x13), 0, 0xA0, 0, 0x80);
        _bmc.Add(SdrBytes.Compact(0x71, "PSU1 Status", 0x08, entity: 10, instance: 1), 0, 0xC0, 0x01, 0x80);
        _bmc.Add(SdrBytes.Compact(0x72, "PSU2 Status", 0x08, entity: 10, instance: 2), 0, 0xC0, 0x01, 0x80);
        Assert.Equal(2, (await _host.EnumerateAsync("OMC_MemberOfCollection")).Count);
        CimInstance set = Assert.Single(await _host.EnumerateAsync("OMC_RedundancySet"));
        Assert.Equal((ushort)0, set["RedundancyStatus"]); // no reading is no loss
        Assert.False(set["ReadingReason"].IsNull);
    }

    [Fact]
    public async Task Every_class_keeps_the_provider_contract()
    {
        _bmc.Port.On(0x2C, 0x02, 0xDC, 0xE0, 0x00, 0xAA, 0x00, 0x0E, 0x01, 0xDC, 0x00, 0x40, 0x01, 0x45, 0x6A, 0x40, 0x9C, 0x00, 0x00, 0x40);
        _bmc.Add(SdrBytes.Compact(0x70, "PSU Redundancy", 0x08, eventType: 0x0B, entity: 0x13), 0, 0xC0, 1, 0x80);
        _bmc.Add(SdrBytes.Compact(0x71, "PSU1 Status", 0x08, entity: 10, instance: 1), 0, 0xC0, 0x01, 0x80);
        foreach (string name in new[]
        {
            "OMC_PowerManagementService", "OMC_PowerManagementCapabilities", "OMC_AssociatedPowerManagementService", "OMC_ElementCapabilities", "OMC_HostedService",
            "OMC_Watchdog", "OMC_IndicatorLED", "OMC_AssociatedIndicatorLED", "OMC_IntrusionSensor", "OMC_DcmiPowerSensor", "OMC_IPProtocolEndpoint", "OMC_LANEndpoint", "OMC_HostedAccessPoint",
            "OMC_BindsToLANEndpoint", "OMC_RedundancySet", "OMC_MemberOfCollection", "OMC_OwningCollectionElement",
        })
        {
            Assert.NotEmpty(await _host.EnumerateAsync(name));
            await ProviderContract.CheckAsync(_host.ProviderOf(name), IpmiTestHost.Schema.Request(name));
        }
    }

    private static uint Number(CimValue value) => value.TryGetUInt64(out ulong number) ? (uint)number : throw new InvalidOperationException($"{value} is no number.");

    private static CimMethodParameter Element(CimObjectPath path) => new("ManagedElement", CimType.Reference, path);

    private static async Task<CimValue> InvokeAsync(IpmiTestHost host, string className, string method, params CimMethodParameter[] parameters)
    {
        CimProviderRequest request = IpmiTestHost.Schema.Request(className);
        CimObjectPath target = Assert.Single(await host.EnumerateAsync(className, [])).Path!;
        CimMethodResult result = await ((ICimMethods)host.ProviderOf(className)).InvokeAsync(
            request, target, request.CimClass.CimClassMethods[method]!, new CimNamedList<CimMethodParameter>(parameters), CancellationToken.None);
        return result.ReturnValue;
    }

    private Task<CimValue> RequestAsync(ushort state, IpmiTestHost? host = null, CimMethodParameter[]? parameters = null) => InvokeAsync(
        host ?? _host, "OMC_PowerManagementService", "RequestPowerStateChange", [new("PowerState", CimType.UInt16, state), .. parameters ?? [Element(System)]]);

    private Task<CimValue> WatchdogAsync(string method) => InvokeAsync(_host, "OMC_Watchdog", method);

    private Task<CimValue> StartAsync(uint timeout, ushort action) =>
        InvokeAsync(_host, "OMC_Watchdog", "Start", new("Timeout", CimType.UInt32, timeout), new("Action", CimType.UInt16, action));
}
