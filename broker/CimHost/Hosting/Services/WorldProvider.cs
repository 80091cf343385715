using System.Runtime.CompilerServices;
using CimHost.Hosting.Worlds;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Operations;
using CimHost.Sdk.Providers;
using CimHost.VmKernel.Boot.Services;
using CimHost.VmKernel.Scheduling.Resources;
using CimHost.VmKernel.Scheduling.Statistics;
using CimHost.VmKernel.Worlds;

namespace CimHost.Hosting.Services;

/// <summary>User worlds, resource groups and services as CIM instances; services can be started and stopped.</summary>
/// <param name="worlds">The worlds.</param>
/// <param name="systemName">Name of the computer.</param>
internal sealed class WorldProvider(HostWorlds worlds, string systemName) : ICimProvider, ICimMethods
{
    private const string SystemClass = "CimHost_ComputerSystem";
    private const string Kernel = "CimHost VMkernel";

    // Return values of CIM_Service's methods (DSP1034, "StartService"): 0 done, 1 not supported, 2 another error.
    private const uint Done = 0;
    private const uint NotSupported = 1;

    /// <summary>Classes that it serves.</summary>
    public static IReadOnlyList<string> ClassNames { get; } = ["CimHost_UserWorld", "CimHost_ResourceGroup", "CimHost_Service"];

    /// <inheritdoc/>
    public async IAsyncEnumerable<CimInstance> EnumerateAsync(CimProviderRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (CimInstance instance in request.CimClass.ClassName switch
        {
            "CimHost_UserWorld" => Worlds(request),
            "CimHost_ResourceGroup" => Groups(request),
            _ => worlds.Services.List().Select(s => Service(request, s)),
        })
        {
            yield return instance;
        }

        await ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask<CimMethodResult> InvokeAsync(CimProviderRequest request, CimObjectPath target, CimMethodDeclaration method, CimNamedList<CimMethodParameter> parameters, CancellationToken cancellationToken)
    {
        string name = target["Name"].AsString() ?? string.Empty;
        try
        {
            switch (method.Name.ToUpperInvariant())
            {
                case "STARTSERVICE":
                    await worlds.Services.StartAsync(name, cancellationToken);
                    return new CimMethodResult(Done);
                case "STOPSERVICE":
                    await worlds.Services.StopAsync(name);
                    return new CimMethodResult(Done);
                default:
                    return new CimMethodResult(NotSupported);
            }
        }
        catch (ServiceException e)
        {
            throw CimException.Failed(e.Message, e);
        }
    }

    private IEnumerable<CimInstance> Worlds(CimProviderRequest request)
    {
        Dictionary<int, WorldUsage> used = worlds.Statistics.Take().Worlds.ToDictionary(w => w.WorldId);
        return worlds.Table.Worlds.Select(w => UserWorld(request, w, used.GetValueOrDefault(w.Id) ?? new WorldUsage(w.Id, w.Name, w.Group.Path)));
    }

    private CimInstance UserWorld(CimProviderRequest request, World world, WorldUsage usage)
    {
        CimInstance instance = request.NewInstance();
        instance["CSCreationClassName"] = SystemClass;
        instance["CSName"] = systemName;
        instance["OSCreationClassName"] = "CIM_OperatingSystem";
        instance["OSName"] = Kernel;
        instance["CreationClassName"] = request.CimClass.ClassName;
        instance["Handle"] = world.Id.ToString();
        instance["Name"] = world.Name;
        instance["ElementName"] = world.Name;
        instance["ExecutionState"] = State(world.State);
        instance["CreationDate"] = world.StartTime;
        instance["UserModeTime"] = (ulong)world.CpuTime.TotalMilliseconds;
        instance["WorkingSetSize"] = (ulong)usage.MemoryConsumed;
        instance["PeakWorkingSetSize"] = (ulong)Math.Max(usage.MemoryPeak, world.PeakMemory);
        instance["ParentHandle"] = (uint)world.ParentId;
        instance["ResourceGroup"] = world.Group.Path;
        instance["IsInProcess"] = world.IsInProcess;
        instance["UserID"] = (uint)world.Credentials.UserId;
        instance["Threads"] = (uint)world.ThreadCount;
        instance["OpenFiles"] = (uint)world.OpenFileCount;
        instance["ReadyTime"] = (ulong)usage.Ready.TotalMilliseconds;
        instance["ThrottledTime"] = (ulong)usage.Throttled.TotalMilliseconds;
        instance["OperationalStatus"] = new ushort[] { (ushort)(world.CannotBeStopped ? 6 : 2) };
        instance["HealthState"] = (ushort)(world.CannotBeStopped ? 20 : 5);
        return instance;
    }

    private static ushort State(WorldState state) => state switch
    {
        WorldState.Ready => 2,
        WorldState.Running => 3,
        WorldState.Blocked => 4,
        WorldState.Stopped => 8,
        WorldState.Zombie => 7,
        _ => 0,
    };

    private IEnumerable<CimInstance> Groups(CimProviderRequest request)
    {
        SchedulingSnapshot now = worlds.Statistics.Take();
        foreach (GroupUsage usage in now.Groups)
        {
            if (worlds.Groups.Find(usage.Group) is { } group)
            {
                yield return Group(request, group, usage, now, ResourceKind.Cpu);
                yield return Group(request, group, usage, now, ResourceKind.Memory);
            }
        }
    }

    private CimInstance Group(CimProviderRequest request, ResourceGroup group, GroupUsage usage, SchedulingSnapshot now, ResourceKind kind)
    {
        bool isCpu = kind == ResourceKind.Cpu;
        ResourceAllocation allocation = group.Allocation(kind);
        CimInstance instance = request.NewInstance();
        instance["InstanceID"] = $"CimHost:{group.Path}#{(isCpu ? "cpu" : "memory")}";
        instance["ElementName"] = group.Path;
        instance["PoolID"] = group.Path;
        instance["Primordial"] = group.Parent is null;
        instance["Capacity"] = allocation.IsUnlimited ? CimValue.Null : (CimValue)(ulong)allocation.Limit;
        instance["Reserved"] = (ulong)allocation.Reservation;
        instance["ResourceType"] = (ushort)(isCpu ? 3 : 4);
        instance["AllocationUnits"] = isCpu ? "count * 10^-3" : "byte";
        instance["Shares"] = (uint)allocation.Shares.Value;
        instance["IsExpandable"] = allocation.IsExpandable;
        instance["Worlds"] = (uint)worlds.CountOf(group.Path);
        if (isCpu)
        {
            // What the scheduler does not count is added from the worlds that are there now.
            double others = now.Worlds.Where(w => now.UnscheduledWorlds.Contains(w.WorldId) && (w.Group + "/").StartsWith(group.Path + "/", StringComparison.Ordinal)).Sum(w => w.Cpu.TotalMilliseconds);
            instance["UsedTime"] = (ulong)(usage.Cpu.TotalMilliseconds + others);
        }
        else
        {
            instance["ConsumedResourceUnits"] = "byte";
            instance["CurrentlyConsumedResource"] = (ulong)usage.MemoryConsumed;
            instance["PeakConsumedResource"] = (ulong)usage.MemoryPeak;
        }

        return instance;
    }

    private CimInstance Service(CimProviderRequest request, ServiceStatus status)
    {
        bool runs = status.State == ServiceState.Running;
        bool failed = status.State is ServiceState.BackingOff or ServiceState.Blocked;
        CimInstance instance = request.NewInstance();
        instance["SystemCreationClassName"] = SystemClass;
        instance["SystemName"] = systemName;
        instance["CreationClassName"] = request.CimClass.ClassName;
        instance["Name"] = status.Name;
        instance["ElementName"] = status.Name;
        instance["Caption"] = status.Description;
        instance["Started"] = runs;
        instance["StartMode"] = status.Policy == ServicePolicy.Off ? "Manual" : "Automatic";
        instance["EnabledState"] = (ushort)(runs ? 2 : status.State is ServiceState.Starting or ServiceState.Waiting ? 10 : 3);
        instance["ServiceState"] = (ushort)status.State;
        instance["StartPolicy"] = (ushort)status.Policy;
        instance["StateSince"] = status.Since;
        instance["StateReason"] = status.Reason ?? string.Empty;
        instance["Restarts"] = (uint)status.Restarts;
        instance["UsedTime"] = (ulong)(status.Use?.CpuTime.TotalMilliseconds ?? 0);
        instance["OperationalStatus"] = new ushort[] { (ushort)(failed ? 6 : runs ? 2 : 10) };
        instance["HealthState"] = (ushort)(failed ? 20 : 5);
        return instance;
    }
}
