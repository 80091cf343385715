using CimHost.Configuration;
using CimHost.Endpoints.CimXml;
using CimHost.Hosting.Worlds;
using CimHost.ObjectManager;
using CimHost.ObjectManager.Indications;
using CimHost.ObjectManager.Interop;
using CimHost.ObjectManager.Providers;
using CimHost.ObjectManager.Repository;
using CimHost.ObjectManager.Schema;
using CimHost.VmKernel.Boot.Services;

namespace CimHost.Hosting.Services;

/// <summary>The service "cimom": repository, schema, the host's own providers. Packages and endpoints join it as services of their own.</summary>
internal sealed partial class ObjectManagerService(
    CimHostOptions options, StateDirectory state, string systemName, PackageLoader loader, IReadOnlyList<ProviderPackage> found, HostWorlds worlds, Broker broker, ILoggerFactory loggers)
{
    private static readonly string[] s_namespaces = ["root/cimv2", CimSchema.Interop];

    private readonly ILogger _logger = loggers.CreateLogger("CimHost.ObjectManager");

    /// <summary>Runs until it is asked to end.</summary>
    public async Task RunAsync(ServiceContext context)
    {
        using CimRepository repository = CimRepository.Open(state.File("repository.db"));
        foreach (string ns in s_namespaces.Where(ns => !repository.Schema.Exists(ns)))
        {
            await repository.CreateNamespaceAsync(ns, context.Stop);
        }

        var mof = new MofInstaller(repository);
        if (await mof.InstallAsync("CimHost", Path.Combine(AppContext.BaseDirectory, "schema"), s_namespaces, context.Stop) is { } error)
        {
            throw new InvalidDataException($"The host's own schema cannot be installed:\n{error}");
        }

        await using var manager = new CimObjectManager(repository, options.Dispatch, TimeProvider.System, loggers.CreateLogger<CimObjectManager>());
        var packages = new ProviderPackages(manager, mof, loader, found);
        AddOwnProviders(manager, packages);
        await using IndicationService indications = await IndicationService.OpenAsync(
            manager, state.File("indications.db"), options.Indications, systemName, TimeProvider.System, loggers.CreateLogger<IndicationService>());
        manager.AddProviders(indications.Providers);
        LogSchema(repository.Schema.Namespaces.Count, mof.CompiledFiles);

        using var ended = new CancellationTokenSource();
        broker.Set(new RunningBroker(manager, packages, indications, new CimXmlEndpoint(manager, systemName, loggers.CreateLogger<CimXmlEndpoint>()), ended.Token));
        context.Serving();
        await context.WhenStoppedAsync();
        broker.Clear();
        await ended.CancelAsync();
    }

    private void AddOwnProviders(CimObjectManager manager, ProviderPackages packages)
    {
        Uri[] addresses = [.. options.Endpoints.Listening().Where(a => a.Key != EndpointOptions.HttpsKey).Select(a => new Uri($"{(a.IsHttps ? "https" : "http")}://{a.EndPoint}/cimom"))];
        var description = new ObjectManagerDescription(systemName, "CimHost:" + state.UniqueName("object-manager-id"), HostVersion.Text, addresses);
        manager.AddProviders(
        [
            new ProviderRegistration("CimHost", new InteropProvider(manager, description), new ProviderMetadata { ClassNames = [.. InteropProvider.ClassNames], Namespaces = [CimSchema.Interop] }),
            new ProviderRegistration("CimHost", new PackageStatusProvider(manager, () => packages.All), new ProviderMetadata { ClassNames = [.. PackageStatusProvider.ClassNames], Namespaces = s_namespaces }),
            new ProviderRegistration("CimHost", new WorldProvider(worlds, systemName), new ProviderMetadata { ClassNames = [.. WorldProvider.ClassNames], Namespaces = ["root/cimv2"] }),
        ]);
    }

    [LoggerMessage(1010, LogLevel.Information, "Schema in place in {Namespaces} namespaces; {Files} MOF files were compiled")]
    private partial void LogSchema(int namespaces, int files);
}
