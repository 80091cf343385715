using CimHost.Sdk.Operations;
using CimHost.Sdk.Providers;

namespace CimHost.ObjectManager.Tests.Operations;

public sealed class AssociationTests
{
    private static readonly CimObjectPath s_system = new("T_System", "Name", "host");

    private static async Task<TestHost> FilledAsync()
    {
        TestHost host = await TestHost.CreateAsync();
        CimObjectPath system = await host.AddAsync("T_System", ("Name", "host"));
        CimObjectPath fan = await host.AddAsync("T_Fan", ("DeviceID", "f"), ("ElementName", "fan"), ("HealthState", (ushort)5));
        CimObjectPath disk = await host.AddAsync("T_Disk", ("DeviceID", "d"), ("ElementName", "disk"), ("HealthState", (ushort)25));
        await host.AddAsync("T_SystemDevice", ("Group", system), ("Part", fan), ("Slot", (ushort)1));
        await host.AddAsync("T_SystemDevice", ("Group", system), ("Part", disk), ("Slot", (ushort)2));
        await host.AddAsync("T_Cooling", ("Cooler", fan), ("Cooled", disk));
        return host;
    }

    private static async Task<string> NamesAsync(TestHost host, CimObjectPath source, CimAssociationOptions options) =>
        string.Join(' ', await host.Cim.AssociatorNamesAsync(TestHost.Namespace, source, options, default).Select(p => p.ClassName).Order().ToListAsync());

    [Theory]
    [InlineData("T_Fan", "f", null, null, null, null, "T_Disk T_System")]
    [InlineData("T_Fan", "f", "T_Cooling", null, null, null, "T_Disk")]
    [InlineData("T_Fan", "f", "T_Component", null, null, null, "T_System")]
    [InlineData("T_Fan", "f", null, "T_Device", null, null, "T_Disk")]
    [InlineData("T_Fan", "f", null, "T_Element", null, null, "T_Disk T_System")]
    [InlineData("T_Fan", "f", null, null, "Cooler", null, "T_Disk")]
    [InlineData("T_Fan", "f", null, null, "COOLED", null, "")]
    [InlineData("T_Fan", "f", null, null, null, "Group", "T_System")]
    [InlineData("T_Fan", "f", null, null, "Part", "Group", "T_System")]
    [InlineData("T_Disk", "d", "T_Cooling", "T_Fan", "Cooled", "Cooler", "T_Fan")]
    [InlineData("T_Disk", "none", null, null, null, null, "")]
    public async Task Associators_follow_every_filter(string className, string id, string? association, string? result, string? role, string? resultRole, string expected)
    {
        await using TestHost host = await FilledAsync();
        var options = new CimAssociationOptions { AssociationClass = association, ResultClass = result, Role = role, ResultRole = resultRole };

        Assert.Equal(expected, await NamesAsync(host, new CimObjectPath(className, "DeviceID", id), options));
        Assert.Equal(expected, string.Join(' ', await host.Cim.AssociatorsAsync(TestHost.Namespace, new CimObjectPath(className, "DeviceID", id), options, CimInstanceOptions.Full, default).Select(i => i.ClassName).Order().ToListAsync()));
    }

    [Fact]
    public async Task Associators_are_whole_instances_cut_and_filtered_as_asked()
    {
        await using TestHost host = await FilledAsync();
        var options = new CimInstanceOptions { PropertyList = ["ElementName"], FilterLanguage = "DMTF:FQL", Filter = "HealthState > 20" };

        CimInstance found = Assert.Single(await host.Cim.AssociatorsAsync(TestHost.Namespace, s_system, CimAssociationOptions.All, options, default).ToListAsync());

        Assert.Equal("root/cimv2:T_Disk.DeviceID=\"d\"", found.Path!.ToString());
        Assert.Equal("disk", found["ElementName"].AsString());
        Assert.Single(found.CimClass.CimClassProperties);
    }

    [Fact]
    public async Task References_are_the_association_instances()
    {
        await using TestHost host = await FilledAsync();
        CimObjectPath fan = new("T_Fan", "DeviceID", "f");

        List<CimInstance> all = await host.Cim.ReferencesAsync(TestHost.Namespace, fan, CimAssociationOptions.All, CimInstanceOptions.Full, default).OrderBy(i => i.ClassName).ToListAsync();
        List<CimObjectPath> cooling = await host.Cim.ReferenceNamesAsync(TestHost.Namespace, fan, new CimAssociationOptions { AssociationClass = "T_cooling", Role = "cooler" }, default).ToListAsync();
        CimInstance cut = await host.Cim.ReferencesAsync(TestHost.Namespace, fan, new CimAssociationOptions { AssociationClass = "T_Component" }, new CimInstanceOptions { PropertyList = ["Slot"] }, default).SingleAsync();

        Assert.Equal(["T_Cooling", "T_SystemDevice"], all.Select(i => i.ClassName));
        Assert.Equal("root/cimv2:T_Fan.DeviceID=\"f\"", all[1]["Part"].AsReference()!.ToString());
        Assert.Equal((ushort)1, cut["Slot"].ToObject());
        CimInstance link = await host.Cim.GetInstanceAsync(TestHost.Namespace, Assert.Single(cooling), CimInstanceOptions.Full, default);
        Assert.Equal("root/cimv2:T_Disk.DeviceID=\"d\"", link["Cooled"].AsReference()!.ToString());
        Assert.Empty(await host.Cim.ReferenceNamesAsync(TestHost.Namespace, fan, new CimAssociationOptions { Role = "Cooled" }, default).ToListAsync());
    }

    [Fact]
    public async Task Wrong_class_names_are_invalid_parameters()
    {
        await using TestHost host = await FilledAsync();
        async Task Refused(CimObjectPath source, CimAssociationOptions options, string word) =>
            await Expect.StatusAsync(CimStatusCode.InvalidParameter, async () => await NamesAsync(host, source, options), word);

        await Refused(new CimObjectPath("T_None", "DeviceID", "f"), CimAssociationOptions.All, "T_None");
        await Refused(s_system, new CimAssociationOptions { AssociationClass = "T_None" }, "AssocClass");
        await Refused(s_system, new CimAssociationOptions { ResultClass = "T_None" }, "ResultClass");
        await Refused(new CimObjectPath("T_System", "Wrong", "host"), CimAssociationOptions.All, "Wrong");
    }

    [Fact]
    public async Task Class_associations_tell_classes()
    {
        await using TestHost host = await FilledAsync();
        async Task<string> Associators(string name, CimAssociationOptions options) =>
            string.Join(' ', await host.Cim.AssociatorClassesAsync(TestHost.Namespace, name, options, CimClassOptions.Full, default).Select(c => c.ClassName).Order().ToListAsync());
        async Task<string> References(string name, CimAssociationOptions options) =>
            string.Join(' ', await host.Cim.ReferenceClassesAsync(TestHost.Namespace, name, options, CimClassOptions.Full, default).Select(c => c.ClassName).ToListAsync());

        Assert.Equal("T_Component T_Cooling T_SystemDevice", await References("T_Fan", CimAssociationOptions.All));
        Assert.Equal("T_Cooling", await References("t_fan", new CimAssociationOptions { Role = "Cooler" }));
        Assert.Equal("T_Component T_SystemDevice", await References("T_Disk", new CimAssociationOptions { AssociationClass = "T_Component" }));
        Assert.Equal("T_Device T_Element T_Fan T_System", await Associators("T_Fan", CimAssociationOptions.All));
        Assert.Equal("T_Fan", await Associators("T_Disk", new CimAssociationOptions { AssociationClass = "T_Cooling" }));
        Assert.Equal("T_Fan", await Associators("T_Fan", new CimAssociationOptions { AssociationClass = "T_Cooling", ResultRole = "Cooler" }));
        Assert.Equal("T_System", await Associators("T_Disk", new CimAssociationOptions { ResultClass = "T_System" }));
        await Expect.StatusAsync(CimStatusCode.InvalidParameter, async () => await References("T_None", CimAssociationOptions.All));
    }

    [Fact]
    public async Task Associations_cross_namespaces()
    {
        await using TestHost host = await FilledAsync();
        await host.CompileAsync(TestMof.Qualifiers + "class P_Profile { [Key] string Id; }; [Abstract] class T_Element { }; [Association] class P_Conforms { [Key] P_Profile REF Standard; [Key] T_Element REF Element; };", "root/interop");
        CimClass profile = host.Repository.Schema.GetClass("interop", "P_Profile"), conforms = host.Repository.Schema.GetClass("interop", "P_Conforms");
        CimObjectPath profilePath = await host.Cim.CreateInstanceAsync("interop", new CimInstance(profile) { ["Id"] = "fan" }, default);
        CimObjectPath fan = TestHost.Device("T_Fan", "f");
        await host.Cim.CreateInstanceAsync("interop", new CimInstance(conforms) { ["Standard"] = profilePath, ["Element"] = fan }, default);

        CimInstance element = Assert.Single(await host.Cim.AssociatorsAsync("root/interop", profilePath, CimAssociationOptions.All, CimInstanceOptions.Full, default).ToListAsync());
        CimInstance standard = Assert.Single(await host.Cim.AssociatorsAsync("interop", fan, CimAssociationOptions.All, CimInstanceOptions.Full, default).ToListAsync());

        Assert.Equal("fan", element["ElementName"].AsString());
        Assert.Equal(fan, element.Path);
        Assert.Equal("root/interop:P_Profile.Id=\"fan\"", standard.Path!.ToString());
    }

    [Fact]
    public async Task A_provider_without_GetInstance_is_asked_once_for_all_associators()
    {
        await using TestHost host = await TestHost.CreateAsync();
        string[] ids = [.. Enumerable.Range(0, 100).Select(i => $"{i:D3}")];
        FakeProvider fans = host.AddProvider(FakeProvider.Of(ids), "T_Fan");
        host.AddProvider(new FakeProvider((request, _) => ids.Select(id => Link(request, id)).ToAsyncEnumerable()), "T_SystemDevice");
        await host.AddAsync("T_System", ("Name", "host"));

        List<CimInstance> found = await host.Cim.AssociatorsAsync(TestHost.Namespace, s_system, CimAssociationOptions.All, CimInstanceOptions.Full, default).ToListAsync();

        Assert.Equal(ids.Select(i => "device " + i), found.Select(f => f["ElementName"].AsString()));
        Assert.Equal(1, fans.Runs);
    }

    [Fact]
    public async Task An_associator_whose_provider_fails_leaves_the_others_and_one_error_at_the_end()
    {
        await using TestHost host = await FilledAsync();
        host.AddProvider(FakeProvider.Failing(() => CimException.Failed("the BMC is gone"), "a"), "T_Sensor");
        host.AddProvider(new FakeProvider((request, _) => new[] { LinkTo(request, "T_Sensor", "a"), LinkTo(request, "T_Sensor", "b"), LinkTo(request, "T_Sensor", "c") }.ToAsyncEnumerable()), "T_SystemDevice");

        (List<CimInstance> found, CimException? error) = await Expect.ReadAsync(host.Cim.AssociatorsAsync(TestHost.Namespace, s_system, CimAssociationOptions.All, CimInstanceOptions.Full, default));

        Assert.Equal(["a", "d", "f"], found.Select(f => f["DeviceID"].AsString()).Order());
        Assert.Equal("the BMC is gone", error!.Message);
    }

    private static CimInstance Link(CimProviderRequest request, string id) => LinkTo(request, "T_Fan", id);

    private static CimInstance LinkTo(CimProviderRequest request, string className, string id)
    {
        CimInstance link = request.NewInstance();
        link["Group"] = s_system;
        link["Part"] = new CimObjectPath(className, "DeviceID", id);
        return link;
    }
}
