using CimHost.ObjectManager.Dispatch;
using CimHost.ObjectManager.Indications;
using CimHost.ObjectManager.Providers;
using CimHost.ObjectManager.Repository;
using CimHost.ObjectManager.Schema;
using CimHost.ObjectManager.Tests.Schema;
using CimHost.Sdk.Operations;
using CimHost.Sdk.Providers;
using CimHost.TestBed;
using Microsoft.Extensions.Logging.Abstractions;

namespace CimHost.ObjectManager.Tests.Indications;

/// <summary>An object manager with the shipped schema and an indication service, in a folder of its own.</summary>
internal sealed class IndicationHost : IAsyncDisposable
{
    public const string Cimv2 = "root/cimv2";

    // Compiling the whole schema takes a while; every host begins with a copy of the result.
    private static readonly Lazy<Task<string>> s_template = new(MakeTemplateAsync);

    private readonly string _folder;
    private readonly CimRepository _repository;

    private IndicationHost(string folder, IndicationOptions options)
    {
        _folder = folder;
        Options = options;
        _repository = CimRepository.Open(Path.Combine(folder, "repository.db"));
        Manager = new CimObjectManager(_repository, new DispatchOptions(), TimeProvider.System, NullLogger<CimObjectManager>.Instance);
    }

    public IndicationOptions Options { get; }

    public CimObjectManager Manager { get; }

    public IndicationService Service { get; private set; } = null!;

    public ICimOperations Cim => Manager.For(new CimCaller("admin", CimRights.All));

    public static async Task<IndicationHost> StartAsync(IndicationOptions? options = null)
    {
        string folder = Directory.CreateTempSubdirectory("cimhost-indications-").FullName;
        File.Copy(await s_template.Value, Path.Combine(folder, "repository.db"));
        var host = new IndicationHost(folder, options ?? new IndicationOptions());
        await host.OpenAsync();
        return host;
    }

    /// <summary>Ends the service and opens it again over the same file.</summary>
    public async Task RestartAsync()
    {
        Manager.RemoveProviders("CimHost");
        await Service.DisposeAsync();
        await OpenAsync();
    }

    public Task<CimObjectPath> FilterAsync(string query, string name = "f", string language = "DMTF:CQL") =>
        CreateAsync("CIM_IndicationFilter", ("Name", name), ("QueryLanguage", language), ("Query", query));

    public Task<CimObjectPath> DestinationAsync(Uri url, string name = "d") => CreateAsync("CIM_ListenerDestinationCIMXML", ("Name", name), ("Destination", url.ToString()));

    public Task<CimObjectPath> SubscribeAsync(CimObjectPath filter, CimObjectPath destination, params (string Name, CimValue Value)[] values) =>
        CreateAsync(filter.ClassName == "CIM_FilterCollection" ? "CIM_FilterCollectionSubscription" : "CIM_IndicationSubscription", [("Filter", filter), ("Handler", destination), .. values]);

    public async Task<CimObjectPath> CreateAsync(string className, params (string Name, CimValue Value)[] values)
    {
        var instance = new CimInstance(_repository.Schema.GetClass(CimSchema.Interop, className), CimSchema.Interop);
        foreach ((string name, CimValue value) in values)
        {
            instance[name] = value;
        }

        return await Cim.CreateInstanceAsync(CimSchema.Interop, instance, default);
    }

    public async Task SetAsync(CimObjectPath path, string property, CimValue value) => await Cim.SetPropertyAsync(CimSchema.Interop, path, property, value, default);

    /// <summary>Changes a setting of the service.</summary>
    public async Task SettingAsync(string property, CimValue value) =>
        await SetAsync(await Cim.EnumerateInstanceNamesAsync(CimSchema.Interop, "CIM_IndicationService", default).SingleAsync(), property, value);

    public async Task<CimInstance> GetAsync(CimObjectPath path) => await Cim.GetInstanceAsync(CimSchema.Interop, path, CimInstanceOptions.Full, default);

    public CimInstance Alert(string eventId, ushort severity = 6)
    {
        var alert = new CimInstance(_repository.Schema.GetClass(Cimv2, "CimHost_AlertIndication"), Cimv2);
        alert["EventID"] = eventId;
        alert["PerceivedSeverity"] = severity;
        alert["AlertType"] = (ushort)5;
        alert["ProbableCause"] = (ushort)94;
        alert["AlertingManagedElement"] = "fan";
        return alert;
    }

    public async Task<int> PublishAsync(string eventId, ushort severity = 6, IndicationOrigin? origin = null) => await Service.PublishAsync(Alert(eventId, severity), Cimv2, origin, default);

    public void AddProvider(ICimProvider provider, string className) =>
        Manager.AddProviders([new ProviderRegistration("test", provider, new ProviderMetadata { ClassNames = [className], Namespaces = [Cimv2] })]);

    public DestinationStatus Status(string name = "d") => Service.State.Model.Destinations.Values.Single(d => d.Name == name).Status;

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        await Manager.DisposeAsync();
        _repository.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task OpenAsync()
    {
        Service = await IndicationService.OpenAsync(Manager, Path.Combine(_folder, "indications.db"), Options, "host", TimeProvider.System, NullLogger<IndicationService>.Instance);
        Manager.AddProviders(Service.Providers);
    }

    private static async Task<string> MakeTemplateAsync()
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("cimhost-schema-").FullName, "repository.db");
        using CimRepository repository = CimRepository.Open(path);
        Assert.Null(await new MofInstaller(repository).InstallAsync("CimHost", ShippedSchema.Folder, [Cimv2, CimSchema.Interop], default));
        return path;
    }
}
