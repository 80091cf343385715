using CimHost.Sdk.Cim;

namespace CimHost.Providers.Platform.Providers;

/// <summary>Health of a part (CIM_ManagedSystemElement.HealthState) with the status that goes with it (OperationalStatus).</summary>
/// <param name="HealthState">0 unknown, 5 OK, 10 degraded, 15 minor, 20 major, 25 critical failure, 30 non-recoverable.</param>
/// <param name="OperationalStatus">0 unknown, 2 OK, 3 degraded, 6 error, 10 stopped.</param>
/// <param name="Description">The status in a sentence.</param>
internal readonly record struct Health(ushort HealthState, ushort OperationalStatus, string Description)
{
    /// <summary>Present and without a sign of trouble.</summary>
    public static readonly Health Ok = new(5, 2, "OK");

    /// <summary>Nothing tells how it is.</summary>
    public static readonly Health Unknown = new(0, 0, "Nothing tells its health");

    /// <summary>Works, with something to look at.</summary>
    public static Health Degraded(string why) => new(10, 3, why);

    /// <summary>Does not work.</summary>
    public static Health Failed(string why) => new(25, 6, why);

    /// <summary>Sets it on an instance.</summary>
    public void Set(CimInstance instance)
    {
        instance["HealthState"] = HealthState;
        instance["OperationalStatus"] = new[] { OperationalStatus };
        instance["StatusDescriptions"] = new[] { Description };
    }
}
