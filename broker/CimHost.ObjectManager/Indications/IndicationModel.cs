using System.Collections.Immutable;
using CimHost.Sdk.Cim;

namespace CimHost.ObjectManager.Indications;

/// <summary>Filters, collections, destinations and subscriptions as they are at one moment. A change makes a new one.</summary>
internal sealed record IndicationModel
{
    /// <summary>Filters by the key string of their path.</summary>
    public ImmutableDictionary<string, FilterEntry> Filters { get; init; } = ImmutableDictionary<string, FilterEntry>.Empty;

    /// <summary>Destinations by <see cref="Key"/>.</summary>
    public ImmutableDictionary<string, DestinationEntry> Destinations { get; init; } = ImmutableDictionary<string, DestinationEntry>.Empty;

    /// <summary>Subscriptions by <see cref="Key"/>.</summary>
    public ImmutableDictionary<string, SubscriptionEntry> Subscriptions { get; init; } = ImmutableDictionary<string, SubscriptionEntry>.Empty;

    /// <summary>The same objects under one name whatever the case of the class.</summary>
    public static string Key(CimObjectPath path) => path.ClassName.ToLowerInvariant() + "." + path.KeyString;

    /// <summary>The filters of a subscription that exist.</summary>
    public IEnumerable<FilterEntry> FiltersOf(SubscriptionEntry subscription)
    {
        foreach (string key in subscription.FilterKeys)
        {
            if (Filters.TryGetValue(key, out FilterEntry? filter))
            {
                yield return filter;
            }
        }
    }

    /// <summary>The queries of live subscriptions that join indications with ordinary classes.</summary>
    public IEnumerable<FilterQuery> JoiningQueries(DateTimeOffset now)
    {
        HashSet<FilterQuery>? told = null;
        foreach ((_, SubscriptionEntry subscription) in Subscriptions)
        {
            foreach (FilterEntry filter in subscription.IsLive(now) ? FiltersOf(subscription) : [])
            {
                foreach (FilterQuery query in filter.Queries)
                {
                    if (query.Join is not null && (told ??= []).Add(query))
                    {
                        yield return query;
                    }
                }
            }
        }
    }
}
