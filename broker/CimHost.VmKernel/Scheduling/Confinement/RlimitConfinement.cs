using CimHost.VmKernel.Scheduling.Resources;

namespace CimHost.VmKernel.Scheduling.Confinement;

/// <summary>Confinement without control groups.</summary>
internal sealed class RlimitConfinement(string reason, TimeProvider time) : ProcessConfinement(ConfinementKind.ResourceLimits, Explain(reason))
{
    private protected override ConfinedWorld Create(ResourceGroup group, int worldId, string name, ConfinementLimits limits) =>
        new RlimitWorld(this, group, worldId, name, limits, time);

    private static string Explain(string reason) =>
        $"Process worlds are confined by resource limits, as {reason}. Each process has a limit on its private memory; CPU shares are nice values, and the first of several processors is left to the host; a CPU limit of a world is kept by pauses of its first process. " +
        $"Limits of groups, and of what a world starts together, are not enforced{(Environment.IsPrivilegedProcess ? ", and the system does not count processes of root" : string.Empty)}.";
}
