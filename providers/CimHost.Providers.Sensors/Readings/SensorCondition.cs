using CimHost.Providers.Sensors.Wire;

namespace CimHost.Providers.Sensors.Readings;

/// <summary>What a sensor's reading means; CIM_Sensor.CurrentState and the health that follows from it.</summary>
/// <param name="State">CIM_Sensor.CurrentState.</param>
/// <param name="HealthState">CIM_ManagedSystemElement.HealthState: 0 unknown, 5 OK, 10 degraded, 25 critical, 30 non-recoverable.</param>
/// <param name="OperationalStatus">CIM_ManagedSystemElement.OperationalStatus: 0 unknown, 2 OK, 3 degraded, 6 error.</param>
internal sealed record SensorCondition(string State, ushort HealthState, ushort OperationalStatus)
{
    /// <summary>Nothing is known: there is no reading. Never bad health.</summary>
    public static SensorCondition Unknown { get; } = new("Unknown", 0, 0);

    public static SensorCondition Normal { get; } = new("Normal", 5, 2);

    /// <summary>The chip raises an alarm without saying which limit it means.</summary>
    public static SensorCondition Alarm { get; } = new("Alarm", 10, 3);

    private static readonly SensorCondition[] s_crossed =
    [
        new("Lower Non-Critical", 10, 3),
        new("Upper Non-Critical", 10, 3),
        new("Lower Critical", 25, 6),
        new("Upper Critical", 25, 6),
        new("Lower Fatal", 30, 6),
        new("Upper Fatal", 30, 6),
    ];

    /// <summary>The reading is beyond a threshold.</summary>
    public static SensorCondition Crossed(ThresholdLevel level) => s_crossed[(int)level];

    /// <summary>All states that a sensor with these thresholds can be in.</summary>
    public static string[] Possible(IEnumerable<ThresholdLevel> levels, bool alarm) =>
        [Unknown.State, Normal.State, .. alarm ? [Alarm.State] : Array.Empty<string>(), .. levels.Order().Select(l => Crossed(l).State)];
}
