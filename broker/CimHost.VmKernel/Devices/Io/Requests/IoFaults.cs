using CimHost.Sdk.Hardware;

namespace CimHost.VmKernel.Devices.Io.Requests;

/// <summary>Injected faults of one device. Without rules a request costs one read of a field.</summary>
/// <param name="device">Name for messages.</param>
/// <param name="holdLimit">Most requests of one world that are held by delays and hangs.</param>
internal sealed class IoFaults(string device, int holdLimit, TimeProvider time)
{
    private const int MaxRules = 64;
    private static readonly TimeSpan s_maxDelay = TimeSpan.FromHours(1);

    private readonly Lock _lock = new();
    private volatile ActiveRule[]? _rules;

    /// <summary>Adds a rule at the end.</summary>
    /// <exception cref="HardwareException">Unsupported: too many rules, or a delay that is negative or longer than an hour.</exception>
    public void Add(IoFaultRule rule)
    {
        if (rule.Delay < TimeSpan.Zero || rule.Delay > s_maxDelay)
        {
            throw new HardwareException(HardwareFault.Unsupported, $"{device}: a delay of {rule.Delay} is not between 0 and {s_maxDelay}.");
        }

        lock (_lock)
        {
            ActiveRule[] rules = [.. (_rules ?? []).Where(r => r.Left > 0), new ActiveRule(rule)];
            _rules = rules.Length <= MaxRules
                ? rules
                : throw new HardwareException(HardwareFault.Unsupported, $"{device} has {MaxRules} fault rules already.");
        }
    }

    /// <summary>Removes the first rule that is equal; false when there is none.</summary>
    public bool Remove(IoFaultRule rule)
    {
        lock (_lock)
        {
            int index = Array.FindIndex(_rules ?? [], r => r.Rule == rule);
            if (index < 0)
            {
                return false;
            }

            ActiveRule[] rest = [.. _rules!.Where((_, i) => i != index)];
            _rules = rest.Length == 0 ? null : rest;
            return true;
        }
    }

    /// <summary>Applies the first rule that fits, if any.</summary>
    public ValueTask ApplyAsync(WorldLane lane, CancellationToken abort) => _rules is { } rules ? ApplyAsync(rules, lane, abort) : ValueTask.CompletedTask;

    private async ValueTask ApplyAsync(ActiveRule[] rules, WorldLane lane, CancellationToken abort)
    {
        IoFaultRule? rule = Array.Find(rules, r => (r.Rule.World is null || r.Rule.World == lane.World) && r.Use())?.Rule;
        if (rule is null)
        {
            return;
        }

        if (rule.Effect == IoFaultEffect.Fail)
        {
            throw new HardwareException(rule.Fault, $"{device}: injected fault ({rule.Fault}).");
        }

        try
        {
            if (lane.Hold() > holdLimit)
            {
                lane.Counters.CountRefused();
                throw new HardwareException(HardwareFault.Unavailable, $"{device}: an injected fault holds {holdLimit} requests of {lane.World} already; no more are taken.");
            }

            await Task.Delay(rule.Effect == IoFaultEffect.Hang ? Timeout.InfiniteTimeSpan : rule.Delay, time, abort);
        }
        finally
        {
            lane.LetGo();
        }
    }

    private sealed class ActiveRule(IoFaultRule rule)
    {
        private long _left = rule.Count ?? long.MaxValue;

        public IoFaultRule Rule => rule;

        public long Left => Volatile.Read(ref _left);

        public bool Use() => rule.Count is null || Interlocked.Decrement(ref _left) >= 0;
    }
}
