namespace CimHost.Configuration;

/// <summary>What a resource group is given; what is not set stays as the host has it.</summary>
public sealed class ResourceGroupSettings
{
    /// <summary>Weight against the siblings for processor time, 1 to 1,000,000; a normal group has 4000.</summary>
    public int? CpuShares { get; set; }

    /// <summary>Guaranteed processor time in millicores.</summary>
    public long? CpuReservation { get; set; }

    /// <summary>Most processor time in millicores.</summary>
    public long? CpuLimit { get; set; }

    /// <summary>Weight against the siblings for memory, 1 to 1,000,000; a normal group has 163840.</summary>
    public int? MemoryShares { get; set; }

    /// <summary>Guaranteed memory in MiB.</summary>
    public long? MemoryReservation { get; set; }

    /// <summary>Most memory in MiB.</summary>
    public long? MemoryLimit { get; set; }
}
