using CimHost.Sdk.Cim;

namespace CimHost.Snmp.Mib.Model;

/// <summary>The instances of a class and its subclasses, as they were last read.</summary>
/// <param name="Instances">The instances.</param>
/// <param name="ReadAt">When they were read; null when they never were.</param>
/// <param name="Problem">Why they could not be read, or not all of them, the last time; empty when they could.</param>
internal sealed record CimExtent(IReadOnlyList<CimInstance> Instances, DateTimeOffset? ReadAt, string Problem)
{
    /// <summary>Nothing was read yet.</summary>
    public static CimExtent Unread { get; } = new([], null, string.Empty);

    /// <summary>Paths of what is told from an earlier reading because the last one did not get to it.</summary>
    public IReadOnlySet<CimInstance> Outdated { get; init; } = new HashSet<CimInstance>(ReferenceEqualityComparer.Instance);
}
