using CimHost.Configuration;
using CimHost.VmKernel;
using CimHost.VmKernel.Scheduling.Resources;

namespace CimHost.Hosting.Worlds;

/// <summary>The resource groups of the host, as configured.</summary>
internal static class ResourceGroups
{
    private const long MiB = 1 << 20;

    /// <summary>Makes the tree over the processors and the memory of this computer.</summary>
    /// <exception cref="ConfigurationException">A group cannot be had as configured.</exception>
    public static ResourceTree Create(KernelSettings settings)
    {
        ResourceTree tree = ResourceTree.CreateDefault(Environment.ProcessorCount * 1_000L, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
        foreach ((string path, ResourceGroupSettings group) in settings.ResourceGroups.OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            try
            {
                if (tree.Find(path) is null)
                {
                    tree.Create(path);
                }

                tree.Configure(path, ResourceKind.Cpu, Allocation(tree.Get(path).Cpu, group.CpuShares, group.CpuReservation, group.CpuLimit, 1));
                tree.Configure(path, ResourceKind.Memory, Allocation(tree.Get(path).Memory, group.MemoryShares, group.MemoryReservation, group.MemoryLimit, MiB));
            }
            catch (KernelException e)
            {
                throw new ConfigurationException($"Kernel:ResourceGroups:{path}: {e.Message}");
            }
        }

        return tree;
    }

    private static ResourceAllocation Allocation(ResourceAllocation now, int? shares, long? reservation, long? limit, long unit) => now with
    {
        Shares = shares is { } s ? ResourceShares.Custom(s) : now.Shares,
        Reservation = reservation * unit ?? now.Reservation,
        Limit = limit * unit ?? now.Limit,
    };
}
