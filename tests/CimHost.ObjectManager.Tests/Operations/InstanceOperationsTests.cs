using CimHost.ObjectManager.Dispatch;
using CimHost.Sdk.Operations;

namespace CimHost.ObjectManager.Tests.Operations;

public sealed class InstanceOperationsTests
{
    private static async Task<TestHost> FilledAsync()
    {
        TestHost host = await TestHost.CreateAsync();
        await host.AddAsync("T_Sensor", ("DeviceID", "s1"), ("ElementName", "one"), ("Reading", 1));
        await host.AddAsync("T_Fan", ("DeviceID", "f1"), ("ElementName", "two"), ("Speed", 900UL), ("OperationalStatus", new ushort[] { 2 }));
        await host.AddAsync("T_Disk", ("DeviceID", "d1"), ("Size", 5UL));
        return host;
    }

    [Fact]
    public async Task Enumeration_tells_subclasses_with_all_their_properties_or_with_those_of_the_class_asked_for()
    {
        await using TestHost host = await FilledAsync();

        List<CimInstance> deep = await host.Cim.EnumerateInstancesAsync("/root/CIMV2/", "t_sensor", CimInstanceOptions.Full, default).OrderBy(i => i["ElementName"].AsString()).ToListAsync();
        List<CimInstance> shallow = await host.Cim.EnumerateInstancesAsync(TestHost.Namespace, "T_Sensor", new CimInstanceOptions { DeepInheritance = false }, default).OrderBy(i => i["ElementName"].AsString()).ToListAsync();
        List<CimInstance> listed = await host.Cim.EnumerateInstancesAsync(TestHost.Namespace, "T_Device", new CimInstanceOptions { PropertyList = ["SPEED", "elementname", "None"] }, default).OrderBy(i => i["ElementName"].AsString()).ToListAsync();
        List<CimInstance> both = await host.Cim.EnumerateInstancesAsync(TestHost.Namespace, "T_Device", new CimInstanceOptions { PropertyList = ["Speed", "ElementName"], DeepInheritance = false }, default).ToListAsync();

        Assert.Equal(["T_Sensor", "T_Fan"], deep.Select(i => i.ClassName));
        Assert.Equal(900UL, deep[1]["Speed"].ToObject());
        Assert.Equal((ushort)5, deep[0]["HealthState"].ToObject());
        Assert.Equal(["T_Sensor", "T_Fan"], shallow.Select(i => i.ClassName));
        Assert.Equal(-1, shallow[1].CimClass.IndexOf("Speed"));
        Assert.Equal(deep[1].Path, shallow[1].Path);
        Assert.Equal(["T_Disk:ElementName", "T_Sensor:ElementName", "T_Fan:ElementName,Speed"], listed.Select(i => $"{i.ClassName}:{string.Join(',', i.CimClass.CimClassProperties.Select(p => p.Name))}"));
        Assert.All(both, i => Assert.Equal(["ElementName"], i.CimClass.CimClassProperties.Select(p => p.Name)));
        Assert.All(listed, i => Assert.NotNull(i.Path));
    }

    [Fact]
    public async Task Names_and_instances_agree_and_every_name_gets_its_instance()
    {
        await using TestHost host = await FilledAsync();
        host.AddProvider(FakeProvider.Of("p1", "p2"), "T_Fan");

        List<CimInstance> instances = await host.Cim.EnumerateInstancesAsync(TestHost.Namespace, "T_Device", CimInstanceOptions.Full, default).ToListAsync();
        List<CimObjectPath> names = await host.Cim.EnumerateInstanceNamesAsync(TestHost.Namespace, "T_Device", default).ToListAsync();

        Assert.Equal(["d1", "f1", "p1", "p2", "s1"], names.Select(n => n["DeviceID"].AsString()).Order());
        Assert.Equal(instances.Select(i => i.Path!).ToHashSet(), names.ToHashSet());
        foreach (CimInstance instance in instances)
        {
            CimInstance got = await host.Cim.GetInstanceAsync(TestHost.Namespace, instance.Path!, CimInstanceOptions.Full, default);
            Assert.Equal(instance.Values.ToArray(), got.Values.ToArray());
        }
    }

    [Theory]
    [InlineData("root/none", "T_Fan.DeviceID=\"f1\"", CimStatusCode.InvalidNamespace)]
    [InlineData("root/cimv2", "T_None.DeviceID=\"f1\"", CimStatusCode.InvalidClass)]
    [InlineData("root/cimv2", "T_Fan.DeviceID=\"none\"", CimStatusCode.NotFound)]
    [InlineData("root/cimv2", "T_Sensor.DeviceID=\"f1\"", CimStatusCode.NotFound)]
    [InlineData("root/cimv2", "T_Fan.Wrong=\"f1\"", CimStatusCode.InvalidParameter)]
    [InlineData("root/cimv2", "T_Fan", CimStatusCode.InvalidParameter)]
    [InlineData("root/cimv2", "T_Fan.DeviceID=\"f1\",More=1", CimStatusCode.InvalidParameter)]
    public async Task GetInstance_tells_why_it_cannot(string ns, string path, CimStatusCode status)
    {
        await using TestHost host = await FilledAsync();

        await Expect.StatusAsync(status, async () => await host.Cim.GetInstanceAsync(ns, CimObjectPath.Parse(path), CimInstanceOptions.Full, default));
    }

    [Fact]
    public async Task GetInstance_with_a_property_list_keeps_the_path()
    {
        await using TestHost host = await FilledAsync();

        CimInstance instance = await host.Cim.GetInstanceAsync(TestHost.Namespace, TestHost.Device("T_Fan", "f1"), new CimInstanceOptions { PropertyList = ["speed"] }, default);

        Assert.Equal("Speed", Assert.Single(instance.CimClass.CimClassProperties).Name);
        Assert.Equal("root/cimv2:T_Fan.DeviceID=\"f1\"", instance.Path!.ToString());
    }

    [Fact]
    public async Task CreateInstance_converts_checks_and_refuses()
    {
        await using TestHost host = await TestHost.CreateAsync(TestMof.Devices + "class X_Need { [Key] string Id; [Required] string Must; };");
        CimInstance FromClient(string className, params (string Name, CimType Type, CimValue Value)[] properties)
        {
            var wire = new CimInstance(new CimClass(className, null, properties.Select(p => new CimPropertyDeclaration { Name = p.Name, CimType = p.Type })));
            foreach ((string name, _, CimValue value) in properties)
            {
                wire[name] = value;
            }

            return wire;
        }

        async Task Refused(CimStatusCode status, CimInstance instance, params string[] words) =>
            await Expect.StatusAsync(status, async () => await host.Cim.CreateInstanceAsync(TestHost.Namespace, instance, default), words);

        CimObjectPath made = await host.Cim.CreateInstanceAsync(TestHost.Namespace, FromClient("t_fan", ("deviceid", CimType.String, "f"), ("reading", CimType.UInt64, 7UL), ("Updated", CimType.String, "20261122080000.000000+000")), default);
        CimInstance stored = await host.Cim.GetInstanceAsync(TestHost.Namespace, made, CimInstanceOptions.Full, default);
        Assert.Equal("root/cimv2:T_Fan.DeviceID=\"f\"", made.ToString());
        Assert.Equal(7, stored["Reading"].ToObject());
        Assert.Equal("20261122080000.000000+000", stored["Updated"].AsDateTime().ToString());
        Assert.Equal((ushort)5, stored["HealthState"].ToObject());

        await Refused(CimStatusCode.AlreadyExists, FromClient("T_Fan", ("DeviceID", CimType.String, "f")));
        await Refused(CimStatusCode.NotSupported, FromClient("T_Device", ("DeviceID", CimType.String, "f")), "abstract");
        await Refused(CimStatusCode.NotSupported, FromClient("T_Setting", ("Mode", CimType.String, "f")), "no keys");
        await Refused(CimStatusCode.InvalidClass, FromClient("T_None", ("DeviceID", CimType.String, "f")));
        await Refused(CimStatusCode.InvalidParameter, FromClient("T_Fan", ("ElementName", CimType.String, "f")), "DeviceID");
        await Refused(CimStatusCode.InvalidParameter, FromClient("T_Fan", ("DeviceID", CimType.String, "g"), ("Colour", CimType.String, "f")), "Colour");
        await Refused(CimStatusCode.TypeMismatch, FromClient("T_Fan", ("DeviceID", CimType.String, "g"), ("Reading", CimType.String, "warm")), "T_Fan.Reading", "sint32", "warm");
        await Refused(CimStatusCode.TypeMismatch, FromClient("T_Fan", ("DeviceID", CimType.String, "g"), ("OperationalStatus", CimType.UInt16, (ushort)2)), "uint16[]");
        await Refused(CimStatusCode.InvalidParameter, FromClient("X_Need", ("Id", CimType.String, "g")), "X_Need.Must", "required");
        await Refused(CimStatusCode.InvalidParameter, FromClient("T_Cooling", ("Cooler", CimType.Reference, TestHost.Device("T_Disk", "d")), ("Cooled", CimType.Reference, TestHost.Device("T_Disk", "d"))), "T_Cooling.Cooler", "T_Fan");
    }

    [Fact]
    public async Task ModifyInstance_changes_what_the_list_names_and_nothing_else()
    {
        await using TestHost host = await FilledAsync();
        CimObjectPath path = TestHost.Device("T_Fan", "f1");
        CimInstance change = host.Make("T_Fan", ("DeviceID", "f1"), ("ElementName", "new"), ("Speed", 7UL));

        await host.Cim.ModifyInstanceAsync(TestHost.Namespace, change, ["elementname"], default);
        CimInstance one = await host.Cim.GetInstanceAsync(TestHost.Namespace, path, CimInstanceOptions.Full, default);
        Assert.Equal(("new", 900UL), (one["ElementName"].AsString(), one["Speed"].ToObject()));

        await host.Cim.ModifyInstanceAsync(TestHost.Namespace, change, [], default);
        Assert.Equal(900UL, (await host.Cim.GetInstanceAsync(TestHost.Namespace, path, CimInstanceOptions.Full, default))["Speed"].ToObject());

        // A listed property that the client did not send takes its default; a listed key stays what the path says.
        var partial = new CimInstance(new CimClass("T_Fan", null, [new CimPropertyDeclaration { Name = "Speed", CimType = CimType.UInt64 }])) { [0] = 8UL, Path = path };
        await host.Cim.ModifyInstanceAsync(TestHost.Namespace, partial, ["Speed", "HealthState", "OperationalStatus", "DeviceID"], default);
        CimInstance three = await host.Cim.GetInstanceAsync(TestHost.Namespace, path, CimInstanceOptions.Full, default);
        Assert.Equal((8UL, (ushort)5, true, "new"), (three["Speed"].ToObject(), three["HealthState"].ToObject(), three["OperationalStatus"].IsNull, three["ElementName"].AsString()));
    }

    [Fact]
    public async Task ModifyInstance_refuses_keys_unknown_properties_and_missing_instances()
    {
        await using TestHost host = await FilledAsync();
        CimInstance rekey = host.Make("T_Fan", ("DeviceID", "other"));
        rekey.Path = TestHost.Device("T_Fan", "f1");

        await Expect.StatusAsync(CimStatusCode.InvalidParameter, async () => await host.Cim.ModifyInstanceAsync(TestHost.Namespace, rekey, null, default), "keys");
        await Expect.StatusAsync(CimStatusCode.NoSuchProperty, async () => await host.Cim.ModifyInstanceAsync(TestHost.Namespace, host.Make("T_Fan", ("DeviceID", "f1")), ["Colour"], default), "Colour");
        await Expect.StatusAsync(CimStatusCode.NotFound, async () => await host.Cim.ModifyInstanceAsync(TestHost.Namespace, host.Make("T_Fan", ("DeviceID", "none")), null, default));
    }

    [Fact]
    public async Task GetProperty_and_SetProperty_work_on_one_property()
    {
        await using TestHost host = await FilledAsync();
        CimObjectPath path = TestHost.Device("T_Fan", "f1");

        await host.Cim.SetPropertyAsync(TestHost.Namespace, path, "speed", 12, default);
        await host.Cim.SetPropertyAsync(TestHost.Namespace, path, "ElementName", CimValue.Null, default);

        CimProperty speed = await host.Cim.GetPropertyAsync(TestHost.Namespace, path, "SPEED", default);
        Assert.Equal(("Speed", CimType.UInt64, 12UL), (speed.Name, speed.CimType, speed.Value));
        Assert.True((await host.Cim.GetPropertyAsync(TestHost.Namespace, path, "ElementName", default)).CimValue.IsNull);
        await Expect.StatusAsync(CimStatusCode.NoSuchProperty, async () => await host.Cim.GetPropertyAsync(TestHost.Namespace, path, "Colour", default));
        await Expect.StatusAsync(CimStatusCode.NoSuchProperty, async () => await host.Cim.SetPropertyAsync(TestHost.Namespace, path, "Colour", 1, default));
        await Expect.StatusAsync(CimStatusCode.TypeMismatch, async () => await host.Cim.SetPropertyAsync(TestHost.Namespace, path, "Speed", -1, default), "T_Fan.Speed", "-1");
        await Expect.StatusAsync(CimStatusCode.InvalidParameter, async () => await host.Cim.SetPropertyAsync(TestHost.Namespace, path, "DeviceID", "f2", default));
    }

    [Fact]
    public async Task DeleteInstance_deletes_once()
    {
        await using TestHost host = await FilledAsync();

        await host.Cim.DeleteInstanceAsync(TestHost.Namespace, new CimObjectPath("t_FAN", "DEVICEID", "f1"), default);

        await Expect.StatusAsync(CimStatusCode.NotFound, async () => await host.Cim.DeleteInstanceAsync(TestHost.Namespace, TestHost.Device("T_Fan", "f1"), default));
        Assert.Equal(["d1", "s1"], await host.Cim.EnumerateInstanceNamesAsync(TestHost.Namespace, "T_Device", default).Select(n => n["DeviceID"].AsString()).Order().ToListAsync());
    }

    [Fact]
    public async Task Changes_of_provided_instances_go_to_the_provider_and_are_seen_at_once()
    {
        await using TestHost host = await TestHost.CreateAsync();
        ChangeableProvider provider = host.AddProvider(new ChangeableProvider(), 3600, "T_Fan");

        CimObjectPath path = await host.AddAsync("T_Fan", ("DeviceID", "p"), ("Speed", 1UL));
        Assert.Single(await host.Cim.EnumerateInstancesAsync(TestHost.Namespace, "T_Fan", CimInstanceOptions.Full, default).ToListAsync());
        await host.Cim.ModifyInstanceAsync(TestHost.Namespace, host.Make("T_Fan", ("DeviceID", "p"), ("Speed", 2UL)), ["Speed"], default);

        Assert.Equal(["Speed"], Assert.Single(provider.Modified));
        Assert.Equal(2UL, (await host.Cim.EnumerateInstancesAsync(TestHost.Namespace, "T_Fan", CimInstanceOptions.Full, default).SingleAsync())["Speed"].ToObject());
        await host.Cim.DeleteInstanceAsync(TestHost.Namespace, path, default);
        Assert.Empty(await host.Cim.EnumerateInstancesAsync(TestHost.Namespace, "T_Fan", CimInstanceOptions.Full, default).ToListAsync());
        await Expect.StatusAsync(CimStatusCode.NotFound, async () => await host.Cim.DeleteInstanceAsync(TestHost.Namespace, path, default));
    }

    [Fact]
    public async Task What_a_provider_cannot_change_is_told_so()
    {
        await using TestHost host = await TestHost.CreateAsync();
        host.AddProvider(FakeProvider.Of("p"), "T_Fan");

        await Expect.StatusAsync(CimStatusCode.NotSupported, async () => await host.AddAsync("T_Fan", ("DeviceID", "q")), "created");
        await Expect.StatusAsync(CimStatusCode.NotSupported, async () => await host.Cim.SetPropertyAsync(TestHost.Namespace, TestHost.Device("T_Fan", "p"), "Speed", 1, default), "modified");
        await Expect.StatusAsync(CimStatusCode.NotSupported, async () => await host.Cim.DeleteInstanceAsync(TestHost.Namespace, TestHost.Device("T_Fan", "p"), default), "deleted");
    }

    [Fact]
    public async Task A_caller_who_may_only_read_is_denied_every_change_and_nothing_else()
    {
        await using TestHost host = await FilledAsync();
        ICimOperations cim = host.Manager.For(new CimCaller("guest", CimRights.ReadOnly));
        CimObjectPath fan = TestHost.Device("T_Fan", "f1");
        CimInstance instance = host.Make("T_Fan", ("DeviceID", "f1"));
        Func<ValueTask>[] changes =
        [
            () => cim.CreateClassAsync(TestHost.Namespace, new CimClass("X"), default),
            () => cim.ModifyClassAsync(TestHost.Namespace, new CimClass("T_Fan", "T_Sensor"), default),
            () => cim.DeleteClassAsync(TestHost.Namespace, "T_Setting", default),
            () => cim.SetQualifierAsync(TestHost.Namespace, new CimQualifierDeclaration("Q", CimType.String, default, CimQualifierScopes.Any), default),
            () => cim.DeleteQualifierAsync(TestHost.Namespace, "Key", default),
            async () => await cim.CreateInstanceAsync(TestHost.Namespace, instance, default),
            () => cim.ModifyInstanceAsync(TestHost.Namespace, instance, null, default),
            () => cim.DeleteInstanceAsync(TestHost.Namespace, fan, default),
            () => cim.SetPropertyAsync(TestHost.Namespace, fan, "Speed", 1, default),
            async () => await cim.InvokeMethodAsync(TestHost.Namespace, fan, "Any", CimNamedList<CimMethodParameter>.Empty, default),
        ];

        foreach (Func<ValueTask> change in changes)
        {
            await Expect.StatusAsync(CimStatusCode.AccessDenied, async () => await change(), "guest");
        }

        Assert.Equal(900UL, (await cim.GetInstanceAsync(TestHost.Namespace, fan, CimInstanceOptions.Full, default))["Speed"].ToObject());
        Assert.Equal(3, await cim.EnumerateInstancesAsync(TestHost.Namespace, "T_Device", CimInstanceOptions.Full, default).CountAsync());
    }
}
