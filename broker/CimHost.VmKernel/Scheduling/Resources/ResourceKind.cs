namespace CimHost.VmKernel.Scheduling.Resources;

/// <summary>What resource groups divide.</summary>
public enum ResourceKind
{
    /// <summary>Processor time, in millicores: 1000 are one logical processor.</summary>
    Cpu,

    /// <summary>Memory, in bytes.</summary>
    Memory,
}
