using System.Net;
using System.Security.Cryptography.X509Certificates;
using CimHost.Admin;
using CimHost.Configuration;
using CimHost.Endpoints;
using CimHost.Endpoints.Admin;
using CimHost.Endpoints.CimXml;
using CimHost.Endpoints.Files;
using CimHost.Hosting.Files;
using CimHost.ObjectManager;
using CimHost.ObjectManager.Interop;
using CimHost.ObjectManager.Providers;
using CimHost.ObjectManager.Repository;
using CimHost.ObjectManager.Schema;
using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Users;
using CimHost.VmKernel.Users.Files;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace CimHost.Hosting;

/// <summary>Puts the host together: users, repository, devices, object manager, provider packages, endpoints.</summary>
internal sealed partial class HostBuilder
{
    private static readonly string[] s_namespaces = ["root/cimv2", CimSchema.Interop];

    private readonly CimHostOptions _options;
    private readonly StateDirectory _state;
    private readonly WebApplicationBuilder _builder;
    private Accounts? _accounts;

    private HostBuilder(CimHostOptions options, StateDirectory state)
    {
        _options = options;
        _state = state;
        _builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        Serve.ConfigureLogging(_builder.Logging, options.LogLevel);
        _builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(10));
        _builder.WebHost.ConfigureKestrel(ConfigureKestrel);
    }

    /// <summary>Builds everything but opens no listener yet.</summary>
    public static async Task<WebApplication> BuildAsync(CimHostOptions options, StateDirectory state, ConfigurationReload configuration, CancellationToken cancellationToken)
    {
        var builder = new HostBuilder(options, state);
        HostServices services = await builder.OpenAsync(configuration, cancellationToken);
        builder._builder.Services.AddSingleton(services);
        WebApplication application = builder._builder.Build();
        application.Run(services.FrontDoor.HandleAsync);
        return application;
    }

    private async Task<HostServices> OpenAsync(ConfigurationReload configuration, CancellationToken cancellationToken)
    {
        // The container of the web host is not there yet; this one only carries the log until then and after.
        ILoggerFactory loggers = LoggerFactory.Create(l => Serve.ConfigureLogging(l, _options.LogLevel));
        ILogger logger = loggers.CreateLogger("CimHost.Host");
        WarnOfUnserved(logger);
        HostDevices devices = HostDevices.Open(_options, loggers);

        // The kernel and the object manager know nothing of each other and come up side by side.
        Task<(HostKernel Kernel, Accounts Accounts)> kernelOpening = Task.Run(() => OpenKernelAsync(devices.SystemName, loggers, cancellationToken), cancellationToken);
        CimRepository repository = CimRepository.Open(_state.File("repository.db"));
        foreach (string ns in s_namespaces.Where(ns => !repository.Schema.Exists(ns)))
        {
            await repository.CreateNamespaceAsync(ns, cancellationToken);
        }

        var mof = new MofInstaller(repository);
        if (await mof.InstallAsync("CimHost", Path.Combine(AppContext.BaseDirectory, "schema"), s_namespaces, cancellationToken) is { } error)
        {
            throw new InvalidDataException($"The host's own schema cannot be installed:\n{error}");
        }

        var manager = new CimObjectManager(repository, _options.Dispatch, TimeProvider.System, loggers.CreateLogger<CimObjectManager>());
        ProviderPackages packages = await LoadPackagesAsync(manager, mof, devices, loggers, cancellationToken);
        AddOwnProviders(manager, devices.SystemName, packages);
        SchemaReady(logger, repository.Schema.Namespaces.Count, mof.CompiledFiles);
        (HostKernel kernel, Accounts accounts) = await kernelOpening;
        _accounts = accounts;
        var cimXml = new CimXmlEndpoint(manager, devices.SystemName, loggers.CreateLogger<CimXmlEndpoint>());
        var files = new FileEndpoint(
            new HostFiles(kernel.Files, accounts.Authorizer, configuration),
            new FileSessions(caller => accounts.IsCurrent(((PrincipalRights)caller.Rights).Principal), TimeProvider.System));
        var door = new FrontDoor(new LocalUserAuthenticator(accounts), cimXml, files, new MofEndpoint(manager), new AccountsEndpoint(accounts, loggers.CreateLogger<AccountsEndpoint>()));
        return new HostServices(accounts, devices, kernel, repository, manager, packages, door, loggers);
    }

    private async Task<(HostKernel Kernel, Accounts Accounts)> OpenKernelAsync(string systemName, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        HostKernel kernel = await HostKernel.OpenAsync(_options, _state, systemName, loggers, cancellationToken);
        return (kernel, await OpenAccountsAsync(kernel, loggers));
    }

    private Task<Accounts> OpenAccountsAsync(HostKernel kernel, ILoggerFactory loggers) => Accounts.OpenAsync(
        kernel.Etc,
        _options.Security,
        new FirstStart(FirstRootPassword, _state.File("users.json")),
        TimeProvider.System,
        loggers.CreateLogger<Accounts>());

    private static string FirstRootPassword()
    {
        if (Environment.GetEnvironmentVariable("CIMHOST_ROOT_PASSWORD") is { Length: > 0 } given)
        {
            return given;
        }

        string password = FirstStart.GeneratePassword();
        Console.Out.WriteLine($"First start: user root, password {password} (shown this once)");
        return password;
    }

    private async Task<ProviderPackages> LoadPackagesAsync(CimObjectManager manager, MofInstaller mof, HostDevices devices, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var packages = new ProviderPackages(manager, mof, new PackageLoader(loggers.CreateLogger<PackageLoader>()));
        await packages.StartAsync(
            [Path.Combine(AppContext.BaseDirectory, "packages"), .. _options.ProviderDirectories],
            package => new HostProviderServices(package.Name, manager, devices.Hardware, devices.SystemName, _options.Providers.GetValueOrDefault(package.Name) ?? [], loggers),
            cancellationToken);
        return packages;
    }

    private void AddOwnProviders(CimObjectManager manager, string systemName, ProviderPackages packages)
    {
        Uri[] addresses = [.. _options.Endpoints.Listening().Where(a => a.Key != EndpointOptions.HttpsKey).Select(a => new Uri($"{(a.IsHttps ? "https" : "http")}://{a.EndPoint}/cimom"))];
        var description = new ObjectManagerDescription(systemName, "CimHost:" + _state.UniqueName("object-manager-id"), HostVersion.Text, addresses);
        manager.AddProviders(
        [
            new ProviderRegistration("CimHost", new InteropProvider(manager, description), new ProviderMetadata { ClassNames = [.. InteropProvider.ClassNames], Namespaces = [CimSchema.Interop] }),
            new ProviderRegistration("CimHost", new PackageStatusProvider(manager, () => packages.All), new ProviderMetadata { ClassNames = [.. PackageStatusProvider.ClassNames], Namespaces = s_namespaces }),
        ]);
    }

    private void WarnOfUnserved(ILogger logger)
    {
        EndpointOptions e = _options.Endpoints;
        foreach ((string name, string value) in new[] { ("WsManHttp", e.WsManHttp), ("WsManHttps", e.WsManHttps), ("Snmp", e.Snmp) })
        {
            if (value.Length > 0)
            {
                NotServed(logger, name, value);
            }
        }
    }

    private void ConfigureKestrel(KestrelServerOptions kestrel)
    {
        var certificate = new Lazy<X509Certificate2>(() => HostCertificate.LoadOrCreate(_state));
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = Math.Max(CimXmlEndpoint.MaxRequestBytes, MofEndpoint.MaxUploadBytes) + 1;
        kestrel.Limits.MaxConcurrentConnections = 1_000;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        foreach ((string key, IPEndPoint endPoint, bool isHttps) in _options.Endpoints.Listening())
        {
            kestrel.Listen(endPoint, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                if (isHttps)
                {
                    listen.UseHttps(certificate.Value);
                }

                if (key == EndpointOptions.HttpsKey)
                {
                    listen.Use(next => connection =>
                    {
                        connection.Features.Set(FileListener.Instance);
                        return next(connection);
                    });
                }
            });
        }

        File.Delete(_state.Socket);
        kestrel.ListenUnixSocket(_state.Socket, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            var local = new LocalListener(LocalUserAuthenticator.Caller(Principal.Local, _accounts!));
            listen.Use(next => connection =>
            {
                connection.Features.Set(local);
                return next(connection);
            });
        });
    }

    [LoggerMessage(1011, LogLevel.Warning, "Endpoints:{Name} = {Address}: this version does not serve it; nothing listens there")]
    private static partial void NotServed(ILogger logger, string name, string address);

    [LoggerMessage(1010, LogLevel.Information, "Schema in place in {Namespaces} namespaces; {Files} MOF files were compiled")]
    private static partial void SchemaReady(ILogger logger, int namespaces, int files);
}
