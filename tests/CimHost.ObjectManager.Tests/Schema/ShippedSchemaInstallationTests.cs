using CimHost.ObjectManager.Dispatch;
using CimHost.ObjectManager.Interop;
using CimHost.ObjectManager.Providers;
using CimHost.ObjectManager.Repository;
using CimHost.ObjectManager.Schema;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Operations;
using CimHost.Wbem.Mof;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace CimHost.ObjectManager.Tests.Schema;

public sealed class ShippedSchemaInstallationTests : IAsyncLifetime
{
    private static readonly string[] Namespaces = ["root/cimv2", "root/interop"];

    private readonly string _state = Directory.CreateTempSubdirectory("cimhost-schema-").FullName;
    private CimRepository? _repository;

    private CimRepository Repository => _repository ??= CimRepository.Open(Path.Combine(_state, "repository.db"));

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync()
    {
        _repository?.Dispose();
        Directory.Delete(_state, recursive: true);
        return Task.CompletedTask;
    }

    [Fact]
    public async Task The_shipped_schema_is_taken_into_an_empty_repository_and_parsed_once_only()
    {
        Assert.Null(await InstallAsync(new MofInstaller(Repository)));
        foreach (string ns in Namespaces)
        {
            Assert.Equal("CIM_LogicalDevice", Repository.Schema.GetClass(ns, "CIM_Sensor").CimSuperClassName);
            Assert.Equal(4, Repository.Schema.GetClass(ns, "CIM_NumericSensor").KeyIndexes.Count);
        }

        var again = new MofInstaller(Repository);
        Assert.Null(await InstallAsync(again));
        Assert.Equal(0, again.CompiledFiles);
    }

    [Fact]
    public async Task Profiles_are_registered_in_the_interop_namespace_only_and_once()
    {
        Assert.Null(await InstallAsync(new MofInstaller(Repository)));
        await using CimObjectManager manager = Manager();
        ICimOperations cim = manager.For(CimCaller.Host);
        List<CimInstance> profiles = await cim
            .EnumerateInstancesAsync("root/interop", "CIM_RegisteredProfile", CimInstanceOptions.Full, CancellationToken.None).ToListAsync();
        Assert.Equal(
            ["Fan", "Indications", "Physical Asset", "Power Supply", "Profile Registration", "Sensors", "Software Inventory"],
            profiles.Select(p => p["RegisteredName"].AsString()!).Order(StringComparer.Ordinal));
        Assert.All(profiles, p => Assert.Equal((CimValue)(ushort)2, p["RegisteredOrganization"]));
        Assert.All(profiles, p => Assert.Matches(@"^\d+\.\d+\.\d+$", p["RegisteredVersion"].AsString()));
        Assert.All(profiles, CentralClassExists);
        Assert.Empty(await cim.EnumerateInstancesAsync("root/cimv2", "CIM_RegisteredProfile", CimInstanceOptions.Full, CancellationToken.None).ToListAsync());
    }

    [Fact]
    public async Task What_the_object_manager_tells_of_itself_fits_the_shipped_classes()
    {
        Assert.Null(await InstallAsync(new MofInstaller(Repository)));
        await using CimObjectManager manager = Manager();
        ICimOperations cim = manager.For(CimCaller.Host);
        foreach (string className in InteropProvider.ClassNames.Concat(PackageStatusProvider.ClassNames.Where(c => c == "CimHost_ProviderHealth")))
        {
            List<CimInstance> instances = await cim.EnumerateInstancesAsync("root/interop", className, CimInstanceOptions.Full, CancellationToken.None).ToListAsync();
            Assert.NotEmpty(instances);
            Assert.All(instances, i => Assert.NotNull(i.Path));
            IEnumerable<string> unset = instances.SelectMany(i => i.CimInstanceProperties
                .Where(p => p.CimValue.IsNull && p.Declaration.HasQualifier("Required"))
                .Select(p => $"{i.ClassName}.{p.Name}"));
            Assert.Empty(unset);
        }
    }

    [Fact]
    public async Task Every_registered_profile_conforms_to_Profile_Registration()
    {
        Assert.Null(await InstallAsync(new MofInstaller(Repository)));
        await using CimObjectManager manager = Manager();
        ICimOperations cim = manager.For(CimCaller.Host);
        List<CimObjectPath> profiles = await cim.EnumerateInstanceNamesAsync("root/interop", "CIM_RegisteredProfile", CancellationToken.None).ToListAsync();
        List<CimInstance> links = await cim
            .EnumerateInstancesAsync("root/interop", "CIM_ElementConformsToProfile", CimInstanceOptions.Full, CancellationToken.None).ToListAsync();
        Assert.All(links, l => Assert.Contains("Profile Registration", l["ConformantStandard"].AsReference()!["InstanceID"].AsString(), StringComparison.Ordinal));
        Assert.Equal(
            profiles.Select(p => p["InstanceID"].AsString()).Order(StringComparer.Ordinal),
            links.Select(l => l["ManagedElement"].AsReference()!["InstanceID"].AsString()).Order(StringComparer.Ordinal));
    }

    [ShippedSchemaDmtfFact]
    public async Task The_whole_DMTF_schema_can_be_loaded_over_the_shipped_one()
    {
        Assert.Null(await InstallAsync(new MofInstaller(Repository)));
        var installer = new MofInstaller(Repository);
        MofCompilation compilation = installer.Compile(MofSource.FromPath(ShippedSchemaDmtfFactAttribute.ArchivePath!), Namespaces);
        Assert.Empty(compilation.Diagnostics);
        await Repository.ApplyAsync(MofInstaller.Batches(compilation), "DMTF", "2.49", CancellationToken.None);
        Assert.NotNull(Repository.Schema.FindClass("root/cimv2", "CIM_FCPort"));
        Assert.Equal("CIM_ComputerSystem", Repository.Schema.GetClass("root/interop", "CimHost_HostSystem").CimSuperClassName);
        await using CimObjectManager manager = Manager();
        Assert.Equal(7, await manager.For(CimCaller.Host).EnumerateInstanceNamesAsync("root/interop", "CIM_RegisteredProfile", CancellationToken.None).CountAsync());
    }

    private static ValueTask<string?> InstallAsync(MofInstaller installer) =>
        installer.InstallAsync("CimHost", ShippedSchema.Folder, Namespaces, CancellationToken.None);

    private void CentralClassExists(CimInstance profile)
    {
        string[] central = profile["CentralClass"].AsString()!.Split(':');
        Assert.NotNull(Repository.Schema.FindClass(central[0], central[1]));
    }

    private CimObjectManager Manager()
    {
        var manager = new CimObjectManager(Repository, new DispatchOptions(), TimeProvider.System, NullLogger<CimObjectManager>.Instance);
        var interop = new InteropProvider(manager, new ObjectManagerDescription("host.example", "CimHost:1", "0.1.0", [new Uri("http://127.0.0.1:5988/"), new Uri("https://127.0.0.1:5989/")]));
        var packages = new PackageStatusProvider(manager, () => []);
        manager.AddProviders(
        [
            new ProviderRegistration("CimHost", interop, new ProviderMetadata { ClassNames = [.. InteropProvider.ClassNames], Namespaces = ["root/interop"] }),
            new ProviderRegistration("CimHost", packages, new ProviderMetadata { ClassNames = [.. PackageStatusProvider.ClassNames], Namespaces = ["root/interop"] }),
        ]);
        return manager;
    }
}
