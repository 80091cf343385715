using CimHost.Sdk.Cim;

namespace CimHost.Snmp.Tests.Mib;

public sealed class MibModelTests
{
    private const string SensorValue = "1.3.6.1.2.1.99.1.1.1.4.";
    private const string SensorStatus = "1.3.6.1.2.1.99.1.1.1.5.";
    private const string SysContact = "1.3.6.1.2.1.1.4.0";

    [Fact]
    public async Task A_walk_is_in_order_repeats_nothing_and_Get_gives_the_same()
    {
        await using ModelHost host = await ModelHost.CreateAsync();
        await host.AddTemperatureAsync("inlet", 23);
        await host.AddAsync("CIM_CoolingDevice", ("DeviceID", "fan1"), ("ElementName", "Fan 1"), ("HealthState", (ushort)5), ("EnabledState", (ushort)2));
        await host.ReadAsync();
        List<VarBind> walk = host.Walk();
        Assert.True(walk.Count > 100);
        for (int i = 1; i < walk.Count; i++)
        {
            Assert.True(walk[i - 1].Name < walk[i].Name, $"{walk[i].Name} comes after {walk[i - 1].Name}");
        }

        Assert.All(walk, v => Assert.Equal(v.Value.Type, host.Model.Get(v.Name).Type));
    }

    [Fact]
    public async Task A_sensor_keeps_its_number_over_restarts_other_orders_and_absences()
    {
        await using ModelHost host = await ModelHost.CreateAsync();
        CimObjectPath first = await host.AddTemperatureAsync("m", 1);
        await host.AddTemperatureAsync("n", 2);
        await host.ReadAsync();
        (uint m, uint n) = (host.Entity("m"), host.Entity("n"));
        await host.DeleteAsync(first);
        await host.AddTemperatureAsync("a", 3);
        await host.RestartAsync();
        Assert.Equal(n, host.Entity("n"));
        uint a = host.Entity("a");
        Assert.True(a > n);
        await host.AddTemperatureAsync("m", 4);
        await host.RestartAsync();
        Assert.Equal((m, n, a), (host.Entity("m"), host.Entity("n"), host.Entity("a")));
        Assert.Equal(SnmpValue.Integer(4), host.Get(SensorValue + m));
    }

    [Fact]
    public async Task A_sensor_without_a_reading_is_unavailable_and_has_no_value()
    {
        await using ModelHost host = await ModelHost.CreateAsync();
        await host.AddTemperatureAsync("gone", null, state: "TimedOut");
        await host.AddTemperatureAsync("stale", 12, state: "Unavailable");
        await host.ReadAsync();
        foreach (string name in (string[])["gone", "stale"])
        {
            uint index = host.Entity(name);
            Assert.Equal(SnmpValue.Integer(2), host.Get(SensorStatus + index));
            Assert.Equal(SnmpValue.NoSuchInstance, host.Get(SensorValue + index));
            Assert.Equal(SnmpValue.NoSuchInstance, host.Get($"1.3.6.1.4.1.32473.1.1.1.1.1.6.{index}"));
        }
    }

    [Fact]
    public async Task A_sensor_is_in_the_device_that_it_watches_and_that_in_the_host()
    {
        await using ModelHost host = await ModelHost.CreateAsync();
        CimObjectPath sensor = await host.AddTemperatureAsync("fan sensor", 40);
        CimObjectPath fan = await host.AddAsync("CIM_CoolingDevice", ("DeviceID", "fan1"), ("ElementName", "Fan 1"));
        await host.AddAsync("CIM_AssociatedSensor", ("Antecedent", sensor), ("Dependent", fan));
        await host.ReadAsync();
        Assert.Equal(SnmpValue.Integer((int)host.Entity("Fan 1")), host.Get("1.3.6.1.2.1.47.1.1.1.1.4." + host.Entity("fan sensor")));
        Assert.Equal(SnmpValue.Integer(1), host.Get("1.3.6.1.2.1.47.1.1.1.1.4." + host.Entity("Fan 1")));
        Assert.Equal(SnmpValue.Integer(3), host.Get("1.3.6.1.2.1.47.1.1.1.1.5.1"));
    }

    [Fact]
    public async Task Hardware_that_contains_itself_ends_in_the_host()
    {
        await using ModelHost host = await ModelHost.CreateAsync();
        CimObjectPath a = await host.AddAsync("CIM_PhysicalElement", ("Tag", "a"), ("ElementName", "A"));
        CimObjectPath b = await host.AddAsync("CIM_PhysicalElement", ("Tag", "b"), ("ElementName", "B"));
        await host.AddAsync("CIM_Container", ("GroupComponent", a), ("PartComponent", b));
        await host.AddAsync("CIM_Container", ("GroupComponent", b), ("PartComponent", a));
        await host.ReadAsync();
        int[] parents = [host.Get("1.3.6.1.2.1.47.1.1.1.1.4." + host.Entity("A")).Int32, host.Get("1.3.6.1.2.1.47.1.1.1.1.4." + host.Entity("B")).Int32];
        Assert.Contains(1, parents);
    }

    [Fact]
    public async Task What_a_manager_sets_lasts_and_nothing_is_set_when_one_variable_is_wrong()
    {
        await using ModelHost host = await ModelHost.CreateAsync();
        Assert.Equal((SnmpErrorStatus.NoError, 0), await SetAsync(host, (SysContact, SnmpValue.Text("me")), ("1.3.6.1.2.1.47.1.1.1.1.14.1", SnmpValue.Text("rack 7"))));
        Assert.Equal((SnmpErrorStatus.NotWritable, 2), await SetAsync(host, (SysContact, SnmpValue.Text("you")), ("1.3.6.1.2.1.1.1.0", SnmpValue.Text("x"))));
        Assert.Equal((SnmpErrorStatus.WrongType, 1), await SetAsync(host, (SysContact, SnmpValue.Integer(1))));
        Assert.Equal((SnmpErrorStatus.WrongLength, 1), await SetAsync(host, (SysContact, SnmpValue.Text(new string('x', 256)))));
        Assert.Equal((SnmpErrorStatus.NoCreation, 1), await SetAsync(host, ("1.3.6.1.2.1.47.1.1.1.1.14.999", SnmpValue.Text("x"))));
        Assert.Equal((SnmpErrorStatus.NoError, 0), await SetAsync(host, ("1.3.6.1.2.1.11.30.0", SnmpValue.Integer(1))));
        Assert.True(host.Engine.AuthenticationTraps);
        Assert.Equal(SnmpValue.Text("me"), host.Get(SysContact));
        await host.RestartAsync();
        Assert.Equal(SnmpValue.Text("me"), host.Get(SysContact));
        Assert.Equal(SnmpValue.Text("rack 7"), host.Get("1.3.6.1.2.1.47.1.1.1.1.14.1"));
    }

    [Fact]
    public async Task Names_that_are_not_there_say_whether_the_object_is()
    {
        await using ModelHost host = await ModelHost.CreateAsync();
        Assert.Equal(SnmpValue.NoSuchInstance, host.Get("1.3.6.1.2.1.1.1.1"));
        Assert.Equal(SnmpValue.NoSuchInstance, host.Get("1.3.6.1.2.1.99.1.1.1.4.77"));
        Assert.Equal(SnmpValue.NoSuchObject, host.Get("1.3.6.1.2.1.99.1.1.1.9.77"));
        Assert.Equal(SnmpValue.NoSuchObject, host.Get("1.3.6.1.2.1.4.1.0"));
        Assert.False(host.Model.TryGetNext(Oid.Parse("1.3.6.1.7"), out _));
    }

    [Fact]
    public async Task Nothing_is_read_until_somebody_asks()
    {
        await using ModelHost host = await ModelHost.CreateAsync();
        await host.AddTemperatureAsync("inlet", 23);
        Assert.Null(host.Model.ReadAt);
        await host.ReadAsync();
        Assert.NotNull(host.Model.ReadAt);
    }

    private static async Task<(SnmpErrorStatus Status, int Index)> SetAsync(ModelHost host, params (string Name, SnmpValue Value)[] variables) =>
        await host.Model.SetAsync([.. variables.Select(v => new VarBind(Oid.Parse(v.Name), v.Value))], CancellationToken.None);
}
