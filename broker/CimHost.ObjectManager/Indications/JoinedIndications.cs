using CimHost.Sdk.Cim;

namespace CimHost.ObjectManager.Indications;

/// <summary>What filters that join indications with ordinary classes make of some indications.</summary>
internal sealed class JoinedIndications
{
    private readonly Dictionary<(FilterQuery Query, CimInstance Indication), IReadOnlyList<CimInstance>> _results = [];

    /// <summary>For indications that no such filter looks at.</summary>
    public static JoinedIndications None { get; } = new();

    /// <summary>Takes the instances that a query makes of an indication, one for each row.</summary>
    public void Add(FilterQuery query, CimInstance indication, IReadOnlyList<CimInstance> results) => _results[(query, indication)] = results;

    /// <summary>The instances, not to be changed; none when the indication does not pass, or came before the filter.</summary>
    public IReadOnlyList<CimInstance> this[FilterQuery query, CimInstance indication] => _results.GetValueOrDefault((query, indication)) ?? [];
}
