namespace CimHost.VmKernel.Scheduling.Confinement;

/// <summary>By what process worlds are confined.</summary>
public enum ConfinementKind
{
    /// <summary>Control groups, version 2: shares and ceilings hold for a world with everything that it starts.</summary>
    CgroupV2,

    /// <summary>Resource limits, nice values and pauses: they hold for each process by itself.</summary>
    ResourceLimits,
}
