using CimHost.Providers.Ipmi.Wire.Sensors;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Ipmi.Cim;

/// <summary>
/// Health and state properties of CIM_ManagedSystemElement and CIM_EnabledLogicalElement. What is not known is 0 (Unknown), never OK and
/// never critical.
/// </summary>
internal static class Health
{
    private const ushort LostCommunication = 13;

    /// <summary>Sets health properties from a severity (null: not known) and the state of the reading behind it.</summary>
    public static void Set(CimInstance instance, StateSeverity? severity, ReadingState state, params string[] descriptions)
    {
        instance["HealthState"] = HealthState(severity);
        instance["OperationalStatus"] = new[] { state == ReadingState.TimedOut ? LostCommunication : OperationalStatus(severity) };
        instance["StatusDescriptions"] = descriptions.Length == 0 ? null : descriptions;
        instance["PrimaryStatus"] = (ushort)(severity switch { null => 0, StateSeverity.Ok => 1, StateSeverity.Degraded => 2, _ => 3 });
        instance["CommunicationStatus"] = (ushort)(state == ReadingState.TimedOut ? 3 : 2);
    }

    /// <summary>Sets EnabledState from the state of a reading.</summary>
    public static void SetEnabled(CimInstance instance, ReadingState state, bool scanned = true)
    {
        instance["EnabledState"] = (ushort)(state switch
        {
            ReadingState.Ok => 2,
            ReadingState.Unavailable => scanned ? 6 : 3,
            ReadingState.Absent => 6,
            ReadingState.Unsupported => 5,
            _ => 0,
        });
        instance["RequestedState"] = (ushort)12;
    }

    /// <summary>The worst of several severities; null when none is known.</summary>
    public static StateSeverity? Worst(IEnumerable<StateSeverity?> severities) => severities.Where(s => s is not null).DefaultIfEmpty(null).Max();

    private static ushort HealthState(StateSeverity? severity) => severity switch
    {
        StateSeverity.Ok => 5,
        StateSeverity.Degraded => 10,
        StateSeverity.Critical => 25,
        StateSeverity.NonRecoverable => 30,
        _ => 0,
    };

    private static ushort OperationalStatus(StateSeverity? severity) => severity switch
    {
        StateSeverity.Ok => 2,
        StateSeverity.Degraded => 3,
        StateSeverity.Critical => 6,
        StateSeverity.NonRecoverable => 7,
        _ => 0,
    };
}
