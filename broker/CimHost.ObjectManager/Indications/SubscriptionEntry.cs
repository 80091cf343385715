using CimHost.Sdk.Cim;

namespace CimHost.ObjectManager.Indications;

/// <summary>A subscription, ready for indications.</summary>
internal sealed class SubscriptionEntry
{
    public const ushort Enabled = 2;
    public const ushort EnabledDegraded = 3;
    public const ushort Disabled = 4;

    // Longer ones are as good as without an end, and a date must come out.
    private const ulong LongestDuration = 100UL * 366 * 86_400;

    public SubscriptionEntry(long id, CimInstance instance, IReadOnlyList<string> filterKeys, DestinationEntry destination, SubscriptionEntry? before = null)
    {
        Id = id;
        Instance = instance;
        FilterKeys = filterKeys;
        Destination = destination;
        Repeats = RepeatPolicy.Of(instance).Inherit(before?.Repeats);
        LastIdentifier = before?.LastIdentifier;
        LastAt = before?.LastAt;
        Policy = Number("OnFatalErrorPolicy") switch
        {
            null or 2 => FatalErrorPolicy.Ignore,
            3 => FatalErrorPolicy.Disable,
            4 => FatalErrorPolicy.Remove,
            ulong other => throw CimException.InvalidParameter($"OnFatalErrorPolicy is {other}; supported are 2 (Ignore), 3 (Disable) and 4 (Remove)."),
        };
        if (Number("SubscriptionState") is not (Enabled or Disabled))
        {
            throw CimException.InvalidParameter($"SubscriptionState can be set to 2 (Enabled) or 4 (Disabled), not to {instance["SubscriptionState"]}.");
        }
    }

    /// <summary>Number in the database; never used twice.</summary>
    public long Id { get; }

    /// <summary>The CIM_AbstractIndicationSubscription as stored.</summary>
    public CimInstance Instance { get; }

    /// <summary>Keys of its filters: one, or those of the collection.</summary>
    public IReadOnlyList<string> FilterKeys { get; }

    /// <summary>Where its indications go.</summary>
    public DestinationEntry Destination { get; }

    /// <summary>What it does with repetitions. For the writing task alone.</summary>
    public RepeatPolicy Repeats { get; }

    /// <summary>What becomes of it when an indication cannot be delivered.</summary>
    public FatalErrorPolicy Policy { get; }

    /// <summary>Identity of the last indication.</summary>
    public string? LastIdentifier { get; set; }

    /// <summary>When the last indication was made.</summary>
    public DateTimeOffset? LastAt { get; set; }

    /// <summary>How long deliveries fail before the policy counts; null when the subscription does not say.</summary>
    public TimeSpan? FailureTrigger => Number("FailureTriggerTimeInterval") is { } seconds ? TimeSpan.FromSeconds(Math.Min(seconds, LongestDuration)) : null;

    /// <summary>When it ends; null: never.</summary>
    public DateTimeOffset? End => Number("SubscriptionDuration") is { } seconds && Instance["SubscriptionStartTime"].AsDateTime() is { IsInterval: false } start
        ? start.ToDateTimeOffset() + TimeSpan.FromSeconds(Math.Min(seconds, LongestDuration))
        : null;

    /// <summary>True unless a client or its policy disabled it.</summary>
    public bool IsEnabled => Number("SubscriptionState") == Enabled;

    /// <summary>True when indications are sent now.</summary>
    public bool IsLive(DateTimeOffset now) => IsEnabled && !HasEnded(now);

    /// <summary>True when its duration is over.</summary>
    public bool HasEnded(DateTimeOffset now) => End is { } end && now >= end;

    private ulong? Number(string name) => Instance[name].TryGetUInt64(out ulong value) ? value : null;
}
