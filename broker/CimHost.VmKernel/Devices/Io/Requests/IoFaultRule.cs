using CimHost.Sdk.Hardware;

namespace CimHost.VmKernel.Devices.Io.Requests;

/// <summary>A fault that an administrator injects in front of a device, whatever its kind. Faults in the bytes of an emulated machine are those of the machine.</summary>
public sealed record IoFaultRule
{
    /// <summary>World whose requests are meant; null for all.</summary>
    public string? World { get; init; }

    /// <summary>What happens to them.</summary>
    public IoFaultEffect Effect { get; init; }

    /// <summary>With <see cref="IoFaultEffect.Fail"/>: kind of failure.</summary>
    public HardwareFault Fault { get; init; } = HardwareFault.Unavailable;

    /// <summary>With <see cref="IoFaultEffect.Delay"/>: how long.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>How many requests are meant; null: all until the rule is removed.</summary>
    public int? Count { get; init; }
}
