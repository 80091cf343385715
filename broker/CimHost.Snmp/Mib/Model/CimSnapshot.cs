using CimHost.Sdk.Cim;

namespace CimHost.Snmp.Mib.Model;

/// <summary>What the agent read of the CIM model.</summary>
/// <param name="Extents">Instances by class asked for.</param>
/// <param name="ReadAt">When reading began; null when nothing was read yet.</param>
internal sealed record CimSnapshot(IReadOnlyDictionary<string, CimExtent> Extents, DateTimeOffset? ReadAt)
{
    /// <summary>Nothing was read yet.</summary>
    public static CimSnapshot Empty { get; } = new(new Dictionary<string, CimExtent>(), null);

    /// <summary>The instances of a class, subclasses included.</summary>
    public IReadOnlyList<CimInstance> Of(string className) => Extent(className).Instances;

    /// <summary>What was read of a class.</summary>
    public CimExtent Extent(string className) => Extents.GetValueOrDefault(className, CimExtent.Unread);

    /// <summary>True when an instance is told from an earlier reading because the last one did not get to it.</summary>
    public bool IsOutdated(string className, CimInstance instance) => Extent(className).Outdated.Contains(instance);
}
