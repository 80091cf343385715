using CimHost.Admin;
using CimHost.Alerts;
using CimHost.Alerts.Engine;
using CimHost.Configuration;
using CimHost.Endpoints;
using CimHost.Endpoints.Admin;
using CimHost.Endpoints.Files;
using CimHost.Hosting.Files;
using CimHost.Hosting.Services;
using CimHost.Hosting.Worlds;
using CimHost.ObjectManager.Providers;
using CimHost.VmKernel.Boot.Services;
using CimHost.VmKernel.Devices.Io;
using CimHost.VmKernel.Devices.Io.Worlds;
using CimHost.VmKernel.FileSystem.Generated;
using CimHost.VmKernel.Scheduling.Resources;
using CimHost.VmKernel.Users;
using CimHost.VmKernel.Users.Files;

namespace CimHost.Hosting;

/// <summary>
/// Puts the host together: devices, kernel, accounts, and then the services that init starts as user worlds: the object manager, a world for
/// each provider package, and the listeners.
/// </summary>
internal sealed partial class HostSystem : IAsyncDisposable
{
    private const string ObjectManagerName = "cimom";

    private readonly CimHostOptions _options;
    private readonly StateDirectory _state;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _logger;
    private readonly HostDevices _devices;
    private readonly HostKernel _kernel;
    private readonly Accounts _accounts;
    private readonly HostWorlds _worlds;
    private readonly Broker _broker = new();
    private readonly AlertEngine _alerts;
    private DeviceNodes? _nodes;
    private AlertService? _alertService;
    private SnmpService? _snmp;

    private HostSystem(CimHostOptions options, StateDirectory state, ILoggerFactory loggers, HostDevices devices, HostKernel kernel, Accounts accounts, HostWorlds worlds, AlertEngine alerts)
    {
        _options = options;
        _state = state;
        _loggers = loggers;
        _logger = loggers.CreateLogger("CimHost.Host");
        _devices = devices;
        _kernel = kernel;
        _accounts = accounts;
        _worlds = worlds;
        _alerts = alerts;
    }

    /// <summary>Log of the host itself.</summary>
    public ILogger Logger => _logger;

    /// <summary>Boots the kernel and defines the services; none is started yet.</summary>
    public static async Task<HostSystem> OpenAsync(CimHostOptions options, StateDirectory state, ConfigurationReload configuration, CancellationToken cancellationToken)
    {
        ILoggerFactory loggers = LoggerFactory.Create(l => Serve.ConfigureLogging(l, options.LogLevel));
        HostDevices devices = HostDevices.Open(options, loggers);
        HostKernel kernel = await HostKernel.OpenAsync(options, state, devices.SystemName, loggers, cancellationToken);
        Accounts accounts = await Accounts.OpenAsync(kernel.Etc, options.Security, new FirstStart(FirstRootPassword, state.File("users.json")), TimeProvider.System, loggers.CreateLogger<Accounts>());
        HostWorlds worlds = await HostWorlds.StartAsync(options.Kernel, kernel.Layout, state, loggers);
        AlertEngine alerts = AlertEngine.Open(state.File("alerts.db"), options.Alerts, TimeProvider.System, loggers.CreateLogger<AlertEngine>());
        var system = new HostSystem(options, state, loggers, devices, kernel, accounts, worlds, alerts);
        system.WarnOfUnserved();
        system.DefineServices(configuration);
        await kernel.Etc.AddToImageAsync(InitScripts.Of(worlds.Services.List()), cancellationToken);
        system._nodes = new DeviceNodes(devices.Hardware.Devices, kernel.Layout.Dev, loggers.CreateLogger<DeviceNodes>());
        ProcKernel.Add(kernel.Layout.Proc.Entries, HostVersion.Text, kernel.Layout.Budget, worlds.Table, TimeProvider.System);
        kernel.Layout.Proc.Entries.Worlds = new ProcWorlds(worlds.Table);
        await worlds.AddScriptsAsync(kernel.Files);
        return system;
    }

    /// <summary>Starts the services and returns when all that are required run: the image that was booted has proven itself.</summary>
    public async Task BootAsync(CancellationToken cancellationToken)
    {
        await _worlds.BootAsync(cancellationToken);
        _kernel.Confirm();
    }

    /// <summary>Ends the host from the outside in: no more requests, then providers, then the object manager, devices and files.</summary>
    public async ValueTask DisposeAsync()
    {
        await _worlds.DisposeAsync();
        _alerts.Dispose();
        _snmp?.Dispose();
        _alertService?.Dispose();
        _nodes?.Dispose();
        await _devices.DisposeAsync();
        _accounts.Dispose();
        await _kernel.DisposeAsync();
        _loggers.Dispose();
    }

    private void DefineServices(ConfigurationReload configuration)
    {
        var loader = new PackageLoader(_loggers.CreateLogger<PackageLoader>());
        IReadOnlyList<ProviderPackage> found = loader.Find([Path.Combine(AppContext.BaseDirectory, "packages"), .. _options.ProviderDirectories]);
        ServiceDefinition[] packages = [.. found.Where(p => p.Status == PackageStatus.Loaded).Select(PackageService)];
        var manager = new ObjectManagerService(_options, _state, _devices.SystemName, loader, found, _worlds, _broker, _loggers);
        List<ServiceDefinition> services =
        [
            _worlds.Required(_worlds.Define(ObjectManagerName, "CIM object manager: schema, repository, providers", ResourceTree.System, manager.RunAsync)),
            .. packages,
        ];
        _snmp = new SnmpService(
            _options.Endpoints.Snmp.Length > 0 ? ConfigurationLoader.Address("Endpoints:Snmp", _options.Endpoints.Snmp) : null, _options, _state, _devices.SystemName, _broker, _alerts, _loggers);
        _alertService = new AlertService(_options.Alerts, _alerts, _broker, _devices.SystemName, _snmp, _loggers);
        configuration.Applied += _snmp.Reload;
        configuration.Applied += _alertService.Reload;
        services.Add(_worlds.Required(_worlds.Define("snmp", "SNMP agent (v1, v2c, v3, AgentX) and its notifications", ResourceTree.System, _snmp.RunAsync)) with
        {
            Requires = [ObjectManagerName],
            After = [.. packages.Select(p => p.Name)],
        });
        services.Add(_worlds.Define("alerts", "Alerts: looks at the devices and tells the receivers", ResourceTree.System, _alertService.RunAsync) with
        {
            Requires = [ObjectManagerName],
            After = [.. packages.Select(p => p.Name)],
        });
        var http = new HttpServices(_options, _state, _accounts, Door(configuration, _snmp), _loggers);
        Listener("local", "Local commands: the socket of the cimhost command", http.Local());
        Listener("wbem", "CIM operations for WBEM clients (CIM-XML over HTTP and HTTPS)", http.Wbem());
        Listener("https", "Files over HTTPS: /host, /folder, /tmp", http.Files());
        _worlds.Services.Add(services);

        // The first answer of a listener is to be complete, so packages are tried before it.
        void Listener(string name, string description, HttpService? service)
        {
            if (service is not null)
            {
                services.Add(_worlds.Required(_worlds.Define(name, description, ResourceTree.System, service.RunAsync)) with
                {
                    After = [ObjectManagerName, .. packages.Select(p => p.Name)],
                    StopLimit = HttpService.StopLimit,
                });
            }
        }
    }

    private ServiceDefinition PackageService(ProviderPackage package)
    {
        var service = new PackageService(package, Offer, _broker);
        return _worlds.Define(package.Name, package.Manifest!.Description, $"{ResourceTree.Plugins}/{package.Name}", service.RunAsync) with
        {
            Requires = [ObjectManagerName],
            StartLimit = TimeSpan.FromSeconds(30),
        };
    }

    private HostProviderServices Offer(RunningBroker running, ProviderPackage package)
    {
        DeviceDeclaration devices;
        try
        {
            devices = DeviceDeclaration.Parse(package.Manifest!.Devices);
        }
        catch (FormatException e)
        {
            throw new ServiceException($"package {package.Name} declares devices wrongly (Devices in provider.json): {e.Message}");
        }

        return new(package.Name, running.Manager, _devices.Hardware.For(package.Name, devices), _devices.SystemName, _options.Providers.GetValueOrDefault(package.Name) ?? [], _loggers);
    }

    private FrontDoor Door(ConfigurationReload configuration, SnmpService snmp)
    {
        var files = new FileEndpoint(
            new HostFiles(_kernel.Files, _accounts.Authorizer, configuration),
            new FileSessions(caller => _accounts.IsCurrent(((PrincipalRights)caller.Rights).Principal), TimeProvider.System));
        return new FrontDoor(
            new LocalUserAuthenticator(_accounts),
            () => _broker.Current?.CimXml,
            files,
            new MofEndpoint(() => _broker.Current?.Manager),
            new AccountsEndpoint(_accounts, _loggers.CreateLogger<AccountsEndpoint>()),
            new WorldsEndpoint(_worlds, _accounts.Authorizer, _loggers.CreateLogger<WorldsEndpoint>()),
            new SnmpEndpoint(snmp, _accounts.Authorizer),
            new AlertsEndpoint(_alerts, () => _alertService?.Deliveries ?? [], _accounts.Authorizer),
            new DevicesEndpoint(_devices.Hardware.Devices, _accounts.Authorizer, _loggers.CreateLogger<DevicesEndpoint>()),
            new HardwareEndpoint(_devices.Live, _accounts.Authorizer, _loggers.CreateLogger<HardwareEndpoint>()));
    }

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

    private void WarnOfUnserved()
    {
        EndpointOptions e = _options.Endpoints;
        foreach ((string name, string value) in new[] { ("WsManHttp", e.WsManHttp), ("WsManHttps", e.WsManHttps) })
        {
            if (value.Length > 0)
            {
                LogNotServed(name, value);
            }
        }
    }

    [LoggerMessage(1011, LogLevel.Warning, "Endpoints:{Name} = {Address}: this version does not serve it; nothing listens there")]
    private partial void LogNotServed(string name, string address);
}
