using CimHost.ObjectManager.Schema;
using CimHost.Sdk.Cim;

namespace CimHost.ObjectManager.Indications;

/// <summary>The filters and collections that every host has (DSP1054 static filters), so that a client need not write queries.</summary>
internal static class ShippedFilters
{
    private const string Filter = "CIM_IndicationFilter";
    private const string Collection = "CIM_FilterCollection";

    private static readonly (string Name, string Text, string Query)[] s_filters =
    [
        ("CimHost:alerts:all", "Every alert", "SELECT * FROM CIM_AlertIndication"),
        ("CimHost:alerts:critical", "Alerts that somebody should look after soon: major and worse, and what clears them", "SELECT * FROM CIM_AlertIndication WHERE PerceivedSeverity >= 5 OR ProbableCause = #'Previous Alert Cleared'"),
        ("CimHost:alerts:thresholds", "Readings that passed a threshold", "SELECT * FROM CIM_ThresholdIndication"),
        ("CimHost:devices:created", "A device appeared", "SELECT * FROM CIM_InstCreation WHERE SourceInstance ISA CIM_LogicalDevice"),
        ("CimHost:devices:deleted", "A device is gone", "SELECT * FROM CIM_InstDeletion WHERE SourceInstance ISA CIM_LogicalDevice"),
        ("CimHost:devices:health", "The health of a device changed", "SELECT * FROM CIM_InstModification WHERE SourceInstance ISA CIM_LogicalDevice AND SourceInstance.CIM_LogicalDevice::HealthState <> PreviousInstance.CIM_LogicalDevice::HealthState"),
    ];

    private static readonly (string Name, string Text, string[] Filters)[] s_collections =
    [
        ("CimHost:alerts", "Every alert of this host", ["CimHost:alerts:all"]),
        ("CimHost:alerts:critical", "Alerts that somebody should look after soon", ["CimHost:alerts:critical"]),
        ("CimHost:devices", "Devices that appear, disappear or change their health", ["CimHost:devices:created", "CimHost:devices:deleted", "CimHost:devices:health"]),
    ];

    /// <summary>The filters; one that cannot be used with the classes of this host is left out.</summary>
    public static IEnumerable<FilterEntry> Filters(CimSchema schema, string systemName)
    {
        if (schema.FindClass(CimSchema.Interop, Filter) is not { } cimClass)
        {
            yield break;
        }

        foreach ((string name, string text, string query) in s_filters)
        {
            var instance = new CimInstance(cimClass, CimSchema.Interop);
            instance["SystemCreationClassName"] = SubscriptionRules.SystemClass;
            instance["SystemName"] = systemName;
            instance["CreationClassName"] = Filter;
            instance["Name"] = name;
            instance["ElementName"] = text;
            instance["SourceNamespaces"] = new[] { SubscriptionRules.AlertNamespace };
            instance["QueryLanguage"] = "DMTF:CQL";
            instance["Query"] = query;
            FilterEntry? entry = null;
            try
            {
                entry = FilterEntry.Create(schema, instance.Freeze(), isShipped: true);
            }
            catch (CimException)
            {
                // The classes of this host are other ones than those that it ships; whoever took them away does not want the filter.
            }

            if (entry is not null)
            {
                yield return entry;
            }
        }
    }

    /// <summary>The collections: instance and names of the filters.</summary>
    public static IEnumerable<(CimInstance Instance, IReadOnlyList<string> Filters)> Collections(CimSchema schema)
    {
        if (schema.FindClass(CimSchema.Interop, Collection) is not { } cimClass)
        {
            yield break;
        }

        foreach ((string name, string text, string[] filters) in s_collections)
        {
            var instance = new CimInstance(cimClass, CimSchema.Interop);
            instance["InstanceID"] = name;
            instance["CollectionName"] = name;
            instance["ElementName"] = text;
            yield return (instance.Freeze(), filters);
        }
    }
}
