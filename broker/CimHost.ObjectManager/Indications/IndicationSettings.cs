using CimHost.Sdk.Cim;

namespace CimHost.ObjectManager.Indications;

/// <summary>The settings of the indication service that clients can change (CIM_IndicationServiceSettingData).</summary>
/// <param name="FilterCreationEnabled">Whether clients may make filters.</param>
/// <param name="DeliveryRetryAttempts">How often a delivery is tried again.</param>
/// <param name="DeliveryRetryInterval">Least seconds before it is tried again.</param>
/// <param name="SubscriptionRemovalAction">2: subscriptions are deleted when their listener fails for long; 3, 4: they are not.</param>
/// <param name="SubscriptionRemovalTimeInterval">How many seconds "for long" is.</param>
internal sealed record IndicationSettings(bool FilterCreationEnabled, ushort DeliveryRetryAttempts, uint DeliveryRetryInterval, ushort SubscriptionRemovalAction, uint SubscriptionRemovalTimeInterval)
{
    /// <summary>What a new host starts with: the defaults of the class, and no subscription is removed for the failures of its listener.</summary>
    public static IndicationSettings Default { get; } = new(true, 3, 30, 3, 2_592_000);

    /// <summary>Names of the properties, as in the classes.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["FilterCreationEnabled", "DeliveryRetryAttempts", "DeliveryRetryInterval", "SubscriptionRemovalAction", "SubscriptionRemovalTimeInterval"];

    /// <summary>Writes the settings into an instance of the service or of its setting data.</summary>
    public void Write(CimInstance instance)
    {
        instance["FilterCreationEnabled"] = FilterCreationEnabled;
        instance["DeliveryRetryAttempts"] = DeliveryRetryAttempts;
        instance["DeliveryRetryInterval"] = DeliveryRetryInterval;
        instance["SubscriptionRemovalAction"] = SubscriptionRemovalAction;
        instance["SubscriptionRemovalTimeInterval"] = SubscriptionRemovalTimeInterval;
    }

    /// <summary>The settings with those of an instance that are named.</summary>
    /// <exception cref="CimException">CIM_ERR_INVALID_PARAMETER.</exception>
    public IndicationSettings With(CimInstance instance, IReadOnlyList<string> properties)
    {
        ulong Number(string name, ulong current) => !properties.Contains(name, StringComparer.OrdinalIgnoreCase) ? current
            : instance[name].TryGetUInt64(out ulong value) ? value
            : throw CimException.InvalidParameter($"{name} has no value.");
        ulong action = Number("SubscriptionRemovalAction", SubscriptionRemovalAction);
        if (action is < 2 or > 4)
        {
            throw CimException.InvalidParameter($"SubscriptionRemovalAction is {action}; it can be 2 (Remove), 3 (Disable) or 4 (Ignore).");
        }

        return new IndicationSettings(
            properties.Contains("FilterCreationEnabled", StringComparer.OrdinalIgnoreCase) ? instance["FilterCreationEnabled"].AsBoolean() : FilterCreationEnabled,
            (ushort)Number("DeliveryRetryAttempts", DeliveryRetryAttempts),
            (uint)Number("DeliveryRetryInterval", DeliveryRetryInterval),
            (ushort)action,
            (uint)Number("SubscriptionRemovalTimeInterval", SubscriptionRemovalTimeInterval));
    }

    /// <summary>Reads the settings that were stored; what was not has its default.</summary>
    public static IndicationSettings Read(IReadOnlyDictionary<string, long> stored)
    {
        long Value(string name, long absent) => stored.TryGetValue(name, out long value) ? value : absent;
        return new IndicationSettings(
            Value("FilterCreationEnabled", Default.FilterCreationEnabled ? 1 : 0) != 0,
            (ushort)Value("DeliveryRetryAttempts", Default.DeliveryRetryAttempts),
            (uint)Value("DeliveryRetryInterval", Default.DeliveryRetryInterval),
            (ushort)Value("SubscriptionRemovalAction", Default.SubscriptionRemovalAction),
            (uint)Value("SubscriptionRemovalTimeInterval", Default.SubscriptionRemovalTimeInterval));
    }

    /// <summary>The settings as they are stored.</summary>
    public IEnumerable<(string Name, long Value)> Stored() =>
    [
        ("FilterCreationEnabled", FilterCreationEnabled ? 1 : 0), ("DeliveryRetryAttempts", DeliveryRetryAttempts), ("DeliveryRetryInterval", DeliveryRetryInterval),
        ("SubscriptionRemovalAction", SubscriptionRemovalAction), ("SubscriptionRemovalTimeInterval", SubscriptionRemovalTimeInterval),
    ];
}
