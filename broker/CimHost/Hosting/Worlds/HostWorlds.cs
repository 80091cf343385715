using System.Globalization;
using System.Runtime.ExceptionServices;
using CimHost.Admin;
using CimHost.Configuration;
using CimHost.VmKernel;
using CimHost.VmKernel.Boot.Services;
using CimHost.VmKernel.FileSystem;
using CimHost.VmKernel.FileSystem.Layout;
using CimHost.VmKernel.Scheduling;
using CimHost.VmKernel.Scheduling.Confinement;
using CimHost.VmKernel.Scheduling.Resources;
using CimHost.VmKernel.Scheduling.Statistics;
using CimHost.VmKernel.SystemCalls;
using CimHost.VmKernel.SystemCalls.Memory;
using CimHost.VmKernel.Worlds;

namespace CimHost.Hosting.Worlds;

/// <summary>The user worlds of the host: process table, processors, resource groups, and init with its services.</summary>
internal sealed partial class HostWorlds : IAsyncDisposable
{
    private readonly ILogger _logger;
    private readonly FairScheduler _processors;
    private readonly HostPrograms _programs;
    private readonly TaskCompletionSource<Exception> _bootFailure = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private HostWorlds(WorldTable table, ResourceTree groups, FairScheduler processors, ProcessConfinement confinement, HostPrograms programs, IServicePolicies policies, ILoggerFactory loggers)
    {
        Table = table;
        Groups = groups;
        _processors = processors;
        _programs = programs;
        _logger = loggers.CreateLogger("CimHost.Worlds");
        Statistics = new SchedulingStatistics(groups, processors, confinement, table.PoolUsage, TimeProvider.System);
        Services = new ServiceSupervisor(policies, TimeProvider.System, loggers.CreateLogger("CimHost.Init"));
    }

    /// <summary>The process table.</summary>
    public WorldTable Table { get; }

    /// <summary>The resource groups.</summary>
    public ResourceTree Groups { get; }

    /// <summary>What worlds and groups use.</summary>
    public SchedulingStatistics Statistics { get; }

    /// <summary>The services.</summary>
    public ServiceSupervisor Services { get; }

    /// <summary>Starts init.</summary>
    /// <exception cref="ConfigurationException">A resource group cannot be had as configured.</exception>
    public static async Task<HostWorlds> StartAsync(KernelSettings settings, HostLayout layout, StateDirectory state, ILoggerFactory loggers)
    {
        Vfs files = layout.Vfs;
        ResourceTree groups = ResourceGroups.Create(settings);
        ILogger logger = loggers.CreateLogger("CimHost.Worlds");
        ProcessConfinement confinement = ProcessConfinement.Detect();
        Confined(logger, confinement.Explanation);
        var processors = new FairScheduler(null, loggers.CreateLogger<FairScheduler>());
        var programs = new HostPrograms(files, state.File("programs"));
        programs.Add("/sbin/init", new InitProgram());
        var table = new WorldTable(new WorldTableOptions
        {
            Programs = programs,
            Files = new VfsNamespace(files),
            Memory = new WorldMemory(layout.Budget),
            Groups = groups,
            Processors = processors,
            Confinement = confinement,
            Logger = logger,
        });
        var worlds = new HostWorlds(table, groups, processors, confinement, programs, await ServicePolicies.OpenAsync(files), loggers);
        await table.SpawnAsync(new SpawnRequest("/sbin/init", ["init"]) { Environment = new Dictionary<string, string> { ["PATH"] = "/bin:/sbin", ["HOME"] = "/" } });
        return worlds;
    }

    /// <summary>Defines a service that is part of the host.</summary>
    /// <param name="name">Name of the service and of its program below /bin.</param>
    /// <param name="description">What it does.</param>
    /// <param name="group">Resource group of its world; made if it is not there.</param>
    /// <param name="body">The service.</param>
    public ServiceDefinition Define(string name, string description, string group, Func<ServiceContext, Task> body)
    {
        if (Groups.Find(group) is null)
        {
            Groups.Create(group);
        }

        string path = "/bin/" + name;
        var program = new ServiceProgram(body);
        _programs.Add(path, program);
        return new ServiceDefinition(name, StartAsync) { Description = description };

        async Task<IServiceRun> StartAsync(CancellationToken cancellationToken)
        {
            try
            {
                return await WorldService.StartAsync(Table, new SpawnRequest(path, [name]) { ResourceGroup = group }, notifies: true, line => Output(_logger, name, line), cancellationToken);
            }
            catch (Exception) when (program.StartFailure is not null)
            {
                ExceptionDispatchInfo.Throw(program.StartFailure);
                throw;
            }
        }
    }

    /// <summary>A service without which the host does not start: its failure at boot is the host's.</summary>
    public ServiceDefinition Required(ServiceDefinition service) => service with
    {
        IsRequired = true,
        Start = async cancellationToken =>
        {
            try
            {
                return await service.Start(cancellationToken);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                _bootFailure.TrySetResult(e);
                throw;
            }
        },
    };

    /// <summary>Adds the services whose runlevel scripts are in /etc/init.d.</summary>
    public async Task AddScriptsAsync(Vfs files) => Services.Add(await InitScripts.ReadAsync(files, [.. Services.List().Select(s => s.Name)], StartScriptAsync, _logger));

    /// <summary>Starts the services that are on, and returns when the host is ready.</summary>
    /// <exception cref="Exception">Why a service without which the host cannot be did not start.</exception>
    public async Task BootAsync(CancellationToken cancellationToken)
    {
        await Services.StartAllAsync();
        if (await Task.WhenAny(Services.Ready, _bootFailure.Task).WaitAsync(cancellationToken) == _bootFailure.Task)
        {
            ExceptionDispatchInfo.Throw(await _bootFailure.Task);
        }
    }

    /// <summary>What worlds and groups are and have used, at this moment.</summary>
    public TopAnswer Top()
    {
        SchedulingSnapshot now = Statistics.Take();
        Dictionary<int, WorldUsage> used = now.Worlds.ToDictionary(w => w.WorldId);
        return new TopAnswer(
            now.Time,
            now.Uptime.TotalSeconds,
            Environment.ProcessorCount,
            [.. Table.Worlds.Where(w => used.ContainsKey(w.Id)).Select(w => new WorldRow(
                w.Id, w.ParentId, w.Name, w.Group.Path, w.State.ToString(), w.Credentials.UserId, w.ThreadCount, w.OpenFileCount,
                w.StartTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture), Counters(used[w.Id])))],
            [.. now.Groups.Select(g => Row(Groups.Find(g.Group), g, CountOf(g.Group))).OfType<ResourceGroupRow>()],
            [.. now.UnscheduledWorlds]);
    }

    /// <summary>Number of worlds in a group itself.</summary>
    public int CountOf(string group) => Table.Worlds.Count(w => w.Group.Path == group);

    /// <summary>Stops the services, then every world.</summary>
    public async ValueTask DisposeAsync()
    {
        await Services.StopAllAsync();
        await Table.HaltAsync();
        _processors.Dispose();
    }

    private static UsageCounters Counters(WorldUsage u) =>
        new(Micro(u.Cpu), Micro(u.Run), Micro(u.Ready), Micro(u.Throttled), u.ContextSwitches, u.MemoryConsumed, u.MemoryPeak, u.MemoryLimit);

    // Null for a group that was removed meanwhile.
    private static ResourceGroupRow? Row(ResourceGroup? group, GroupUsage u, int worlds) => group is null ? null : new(
        group.Path, worlds, group.Cpu.Shares.Value, group.Cpu.Reservation, group.Cpu.Limit, group.Memory.Reservation, group.Memory.Limit,
        new(Micro(u.Cpu), Micro(u.Run), Micro(u.Ready), Micro(u.Throttled), u.ContextSwitches, u.MemoryConsumed, u.MemoryPeak, u.MemoryLimit));

    private static long Micro(TimeSpan time) => (long)time.TotalMicroseconds;

    // A vendor's service lives in a group of its own, as its package would.
    private Task<IServiceRun> StartScriptAsync(RunlevelScript script, CancellationToken cancellationToken)
    {
        string group = $"{ResourceTree.Plugins}/{script.Name}";
        if (Groups.Find(group) is null)
        {
            Groups.Create(group);
        }

        var request = new SpawnRequest(script.Command, [script.Command, .. script.CommandArguments]) { ResourceGroup = group, Limits = InitScripts.Limits(script) };
        return WorldService.StartAsync(Table, request, script.Notifies, line => Output(_logger, script.Name, line), cancellationToken);
    }

    [LoggerMessage(1030, LogLevel.Information, "{Explanation}")]
    private static partial void Confined(ILogger logger, string explanation);

    [LoggerMessage(1031, LogLevel.Information, "{Service}: {Line}")]
    private static partial void Output(ILogger logger, string service, string line);
}
