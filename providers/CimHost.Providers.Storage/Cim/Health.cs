using CimHost.Providers.Storage.Devices;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Storage.Cim;

/// <summary>Health and state properties of CIM_ManagedSystemElement. What is not known is 0 (Unknown), never OK and never critical.</summary>
internal static class Health
{
    private const int MostReasons = 16;

    /// <summary>Sets the health of a device and the state of its sample.</summary>
    public static void Set(CimInstance instance, DiskSample sample, DateTimeOffset now)
    {
        DiskHealth health = sample.HasValues ? sample.Health : DiskHealth.Unknown;
        Set(instance, health, sample.State == ReadingState.TimedOut, [.. sample.HealthReasons.Concat(sample.Problems).Take(MostReasons)], sample.Reason);
        instance["EnabledState"] = (ushort)(sample.State is ReadingState.TimedOut or ReadingState.Unavailable ? 0 : 2);
        SetReading(instance, sample, now);
    }

    /// <summary>Sets health, status and their texts.</summary>
    public static void Set(CimInstance instance, DiskHealth health, bool lost, IReadOnlyList<string> reasons, string? reason)
    {
        instance["HealthState"] = (ushort)(health switch { DiskHealth.Ok => 5, DiskHealth.Degraded => 10, DiskHealth.PredictiveFailure or DiskHealth.Failed => 25, _ => 0 });
        ushort status = lost ? (ushort)13 : (ushort)(health switch { DiskHealth.Ok => 2, DiskHealth.Degraded => 3, DiskHealth.PredictiveFailure => 5, DiskHealth.Failed => 6, _ => 0 });
        instance["OperationalStatus"] = new[] { status };
        string text = reason ?? (reasons.Count > 0 ? string.Join(' ', reasons) : health.ToString());
        instance["StatusDescriptions"] = new[] { text };
    }

    /// <summary>Sets whether and when the values were read.</summary>
    public static void SetReading(CimInstance instance, DiskSample sample, DateTimeOffset now)
    {
        instance["ReadingState"] = sample.State.ToString();
        instance["ReadingReason"] = sample.Reason;
        if (sample.HasValues)
        {
            instance["ReadingTime"] = sample.Time;
            instance["ReadingAgeSeconds"] = (ulong)Math.Max((now - sample.Time).TotalSeconds, 0);
        }
    }
}
