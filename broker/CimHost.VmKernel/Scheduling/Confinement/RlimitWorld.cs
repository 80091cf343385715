using CimHost.VmKernel.Scheduling.Resources;
using CimHost.VmKernel.Scheduling.Statistics;

namespace CimHost.VmKernel.Scheduling.Confinement;

/// <summary>A process world held by resource limits, nice values and pauses.</summary>
internal sealed class RlimitWorld(
    RlimitConfinement owner, ResourceGroup group, int worldId, string name, ConfinementLimits limits, TimeProvider time)
    : ConfinedWorld(owner, group, worldId, name, limits)
{
    private const int Attempts = 50;

    // The host is one process to the system's scheduler: all in-process worlds and services, as many as twenty worlds of normal shares.
    private const double HostShares = 20_000;
    private static readonly TimeSpan s_sessionNiceInterval = TimeSpan.FromMilliseconds(100);
    private readonly Lock _gate = new();
    private WorldUsage _last = new(worldId, name, group.Path);
    private CpuThrottle? _throttle;
    private bool _stopped;
    private int _process;
    private int _nice;
    private string? _startTime;

    // The number of a process that has ended can be another one's.
    private bool IsAlive => _process != 0 && ProcessResources.StartTime(_process) is { } started && started == _startTime;

    /// <inheritdoc/>
    public override bool IsStopped
    {
        get => Volatile.Read(ref _stopped);
        set
        {
            lock (_gate)
            {
                _stopped = value;
                _throttle?.Hold(value);
            }
        }
    }

    /// <inheritdoc/>
    public override void Attach(int processId)
    {
        if (processId < 2 || processId == Environment.ProcessId)
        {
            throw new KernelException(Errno.EINVAL, $"{processId} is not the number of a process of a world.");
        }

        lock (_gate)
        {
            _startTime = ProcessResources.StartTime(processId)
                ?? throw new KernelException(Errno.ESRCH, $"World {WorldId} ({Name}): there is no process {processId}.");
            _process = processId;
            ProcessResources.LeaveFirstProcessor(processId);
            Enforce(Limits);
        }
    }

    /// <inheritdoc/>
    public override WorldUsage ReadUsage()
    {
        lock (_gate)
        {
            if (!IsAlive || ProcessResources.CpuTime(_process) is not { } cpu)
            {
                return _last with { MemoryConsumed = 0 };
            }

            return _last = _last with
            {
                Cpu = cpu,
                Run = cpu,
                Throttled = _throttle?.Paused ?? _last.Throttled,
                MemoryConsumed = Math.Max(0, ProcessResources.StatusBytes(_process, "VmRSS")),
                MemoryPeak = Math.Max(_last.MemoryPeak, ProcessResources.StatusBytes(_process, "VmHWM")),
                MemoryLimit = Limits.Memory,
            };
        }
    }

    /// <inheritdoc/>
    public override void Kill()
    {
        if (!IsAlive)
        {
            return;
        }

        // Stopped, a process starts no others, so that the second look finds what was started during the first.
        for (int i = 0; i < Attempts; i++)
        {
            List<int> family = ProcessResources.Family(_process);
            family.ForEach(ProcessSignals.Stop);
            if (ProcessResources.Family(_process).Count == family.Count)
            {
                family.ForEach(ProcessSignals.Kill);
                return;
            }
        }

        ProcessSignals.Kill(_process);
    }

    private protected override void Apply(ConfinementLimits limits)
    {
        lock (_gate)
        {
            if (IsAlive)
            {
                Enforce(limits);
            }
        }
    }

    private protected override void Remove()
    {
        lock (_gate)
        {
            _throttle?.Dispose();
            _throttle = null;
            _process = 0;
        }
    }

    // Each step of nice stands for a quarter less, the ratio of Linux' scheduler, and 0, which needs no privileges, for what the host weighs
    // with all its worlds.
    private int Nice(ConfinementLimits limits)
    {
        double shares = limits.CpuShares.Value;
        for (ResourceGroup? g = Group; g is { Parent: not null }; g = g.Parent)
        {
            shares *= g.Cpu.Shares.Value / (double)ResourceShares.OfGroup(ShareLevel.Normal, ResourceKind.Cpu).Value;
        }

        return (int)Math.Clamp(Math.Round(Math.Log(HostShares / shares, 1.25)), 0, 19);
    }

    // All users without privileges share one change in 0.1 s, so that many worlds started at once wait for each other.
    private async Task SetSessionNiceLaterAsync()
    {
        while (true)
        {
            await Task.Delay(s_sessionNiceInterval, time);
            lock (_gate)
            {
                if (!IsAlive || ProcessResources.TrySetSessionNice(_process, _nice))
                {
                    return;
                }
            }
        }
    }

    private void Enforce(ConfinementLimits limits)
    {
        // RLIMIT_DATA counts what is private and writable; address space that is only reserved does not count (getrlimit(2), since Linux 4.7).
        ProcessResources.Limit(_process, ProcessResources.Data, limits.Memory, "a memory limit");
        ProcessResources.Limit(_process, ProcessResources.AddressSpace, limits.AddressSpace, "a limit on its address space");
        if (limits.Processes != ConfinementLimits.MaxProcesses)
        {
            // The system counts all threads of the user.
            ProcessResources.Limit(_process, ProcessResources.Processes, ProcessResources.ThreadsOfUser(_process) + limits.Processes - 1, "a limit on processes");
        }

        _nice = Nice(limits);
        ProcessResources.SetNice(_process, _nice);
        if (!ProcessResources.TrySetSessionNice(_process, _nice))
        {
            _ = SetSessionNiceLaterAsync();
        }

        _throttle?.Dispose();
        _throttle = limits.Cpu == ResourceAllocation.Unlimited ? null : new CpuThrottle(_process, limits.Cpu, time, _throttle?.Paused ?? TimeSpan.Zero);
        _throttle?.Hold(_stopped);
    }
}
