using CimHost.ObjectManager.Interop;
using CimHost.ObjectManager.Providers;
using CimHost.Sdk.Operations;

namespace CimHost.ObjectManager.Tests.Operations;

public sealed class NamespaceTests
{
    private const string Mof = """
        class CIM_Namespace {
          [Key] string SystemCreationClassName; [Key] string SystemName; [Key] string ObjectManagerCreationClassName; [Key] string ObjectManagerName; [Key] string CreationClassName; [Key] string Name;
          string ElementName; string Caption; uint16 ClassInfo; string DescriptionOfClassInfo;
        };
        """;

    private static async Task<TestHost> CreateAsync()
    {
        TestHost host = await TestHost.CreateAsync();
        await host.CompileAsync(TestMof.Qualifiers + Mof, "root/interop");
        var provider = new InteropProvider(host.Manager, new ObjectManagerDescription("host", "manager", "1.0", []));
        host.Manager.AddProviders([new ProviderRegistration("cimhost", provider, new ProviderMetadata { ClassNames = ["CIM_Namespace"], Namespaces = ["interop"] })]);
        return host;
    }

    private static async Task<CimObjectPath> AddAsync(TestHost host, string? name) => await host.Cim.CreateInstanceAsync(
        "interop", new CimInstance(host.Repository.Schema.GetClass("interop", "CIM_Namespace"), "root/interop") { ["Name"] = name }, default);

    private static async Task<string[]> NamesAsync(TestHost host, string ns = "interop") =>
        [.. await host.Cim.EnumerateInstancesAsync(ns, "CIM_Namespace", CimInstanceOptions.Full, default).Select(n => n["Name"].AsString()!).ToListAsync()];

    [Fact]
    public async Task Namespaces_are_created_listed_and_deleted_through_CIM_Namespace()
    {
        await using TestHost host = await CreateAsync();

        CimObjectPath path = await AddAsync(host, "/root/vendor/test/");

        Assert.Equal("root/vendor/test", path["Name"].AsString());
        Assert.Equal(["root/cimv2", "root/interop", "root/vendor/test"], await NamesAsync(host));
        CimInstance got = await host.Cim.GetInstanceAsync("interop", path, CimInstanceOptions.Full, default);
        Assert.Equal("root/vendor/test", got["ElementName"].AsString());
        await host.Cim.CreateClassAsync("ROOT/Vendor/Test", new CimClass("V_Class"), default);
        await Expect.StatusAsync(CimStatusCode.NamespaceNotEmpty, async () => await host.Cim.DeleteInstanceAsync("interop", path, default), "1 classes");
        await host.Cim.DeleteClassAsync("root/vendor/test", "V_Class", default);
        await host.Cim.DeleteInstanceAsync("root/interop", path, default);
        Assert.Equal(["root/cimv2", "root/interop"], await NamesAsync(host));
        await Expect.StatusAsync(CimStatusCode.InvalidNamespace, async () => await host.Cim.EnumerateClassNamesAsync("root/vendor/test", null, true, default).ToListAsync());
    }

    [Fact]
    public async Task Interop_and_root_interop_are_one_namespace()
    {
        await using TestHost host = await CreateAsync();

        Assert.Equal(await NamesAsync(host), await NamesAsync(host, "root/interop"));
        Assert.Equal(await NamesAsync(host), await NamesAsync(host, "/Interop"));
        Assert.Equal("root/interop", (await host.Cim.EnumerateInstanceNamesAsync("interop", "CIM_Namespace", default).FirstAsync()).Namespace);
    }

    [Theory]
    [InlineData("root%2Fvendor", CimStatusCode.InvalidParameter)]
    [InlineData("root//vendor", CimStatusCode.InvalidParameter)]
    [InlineData("root/ven dor", CimStatusCode.InvalidParameter)]
    [InlineData("/", CimStatusCode.InvalidParameter)]
    [InlineData("", CimStatusCode.InvalidParameter)]
    [InlineData(null, CimStatusCode.InvalidParameter)]
    [InlineData("root/CIMV2", CimStatusCode.AlreadyExists)]
    [InlineData("interop", CimStatusCode.AlreadyExists)]
    public async Task A_name_that_cannot_be_is_refused_and_nothing_is_made(string? name, CimStatusCode status)
    {
        await using TestHost host = await CreateAsync();

        await Expect.StatusAsync(status, async () => await AddAsync(host, name));

        Assert.Equal(["root/cimv2", "root/interop"], await NamesAsync(host));
    }

    [Fact]
    public async Task The_object_managers_own_namespace_stays()
    {
        await using TestHost host = await CreateAsync();
        CimObjectPath own = await host.Cim.EnumerateInstanceNamesAsync("interop", "CIM_Namespace", default).SingleAsync(n => n["Name"].AsString() == "root/interop");

        await Expect.StatusAsync(CimStatusCode.NotSupported, async () => await host.Cim.DeleteInstanceAsync("interop", own, default));
    }
}
