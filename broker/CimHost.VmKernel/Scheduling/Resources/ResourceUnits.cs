namespace CimHost.VmKernel.Scheduling.Resources;

/// <summary>Names and units of resources in messages.</summary>
internal static class ResourceUnits
{
    public static string Name(ResourceKind kind) => kind == ResourceKind.Cpu ? "CPU" : "memory";

    public static string Amount(ResourceKind kind, long amount) => amount == ResourceAllocation.Unlimited ? "unlimited"
        : kind == ResourceKind.Cpu ? $"{amount} millicores" : $"{amount} bytes";

    /// <summary>EAGAIN for processor time, which may be free later; ENOMEM for memory.</summary>
    public static Errno Refusal(ResourceKind kind) => kind == ResourceKind.Cpu ? Errno.EAGAIN : Errno.ENOMEM;
}
