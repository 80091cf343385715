namespace CimHost.Providers.Power.Model;

/// <summary>What the state of a power device means for whoever depends on it.</summary>
/// <param name="Text">The state in words.</param>
/// <param name="HealthState">CIM_ManagedSystemElement.HealthState: 0 unknown, 5 OK, 10 degraded, 15 minor failure, 20 major failure, 25 critical failure.</param>
/// <param name="OperationalStatus">CIM_ManagedSystemElement.OperationalStatus: 0 unknown, 2 OK, 3 degraded, 4 stressed, 6 error, 12 no contact.</param>
internal sealed record PowerCondition(string Text, ushort HealthState, ushort OperationalStatus)
{
    /// <summary>Nothing is known. Never bad health.</summary>
    public static PowerCondition Unknown { get; } = new("Unknown", 0, 0);

    private static PowerCondition Normal { get; } = new("Normal", 5, 2);

    // The worst first: the first that is raised decides.
    private static readonly (PowerFlags Flag, PowerCondition Condition)[] s_ups =
    [
        (PowerFlags.CommunicationLost, new("Communication Lost", 0, 12)),
        (PowerFlags.ShutdownImminent, new("Shutdown Imminent", 25, 6)),
        (PowerFlags.InternalFailure, new("Internal Failure", 25, 6)),
        (PowerFlags.Overload, new("Overload", 20, 6)),
        (PowerFlags.OverTemperature, new("Over Temperature", 20, 6)),
        (PowerFlags.NeedReplacement, new("Replace Battery", 10, 3)),
        (PowerFlags.OverCharged, new("Battery Over-Charged", 10, 3)),
        (PowerFlags.Off, new("Off", 10, 3)),
        (PowerFlags.Bypass, new("Bypass", 10, 3)),
        (PowerFlags.VoltageOutOfRange, new("Voltage Out of Range", 10, 3)),
        (PowerFlags.FrequencyOutOfRange, new("Frequency Out of Range", 10, 3)),
        (PowerFlags.Boost, new("Boost", 5, 2)),
        (PowerFlags.Buck, new("Buck", 5, 2)),
    ];

    /// <summary>The condition of a UPS, of its flags alone.</summary>
    public static PowerCondition OfUps(PowerReading reading)
    {
        if (reading.State != Sdk.Hardware.ReadingState.Ok || (reading.Known == PowerFlags.None && reading.Alarm is null))
        {
            return Unknown;
        }

        PowerCondition? raised = First(reading);
        if (raised is { HealthState: 0 or >= 25 })
        {
            return raised;
        }

        if (OnBattery(reading))
        {
            bool low = (reading.Raised & (PowerFlags.BelowRemainingCapacityLimit | PowerFlags.RemainingTimeLimitExpired | PowerFlags.FullyDischarged)) != 0;
            return low ? new("On Battery, Low", 25, 6) : raised is { HealthState: >= 20 } ? raised : new("On Battery", 10, 4);
        }

        return raised
            ?? (reading.Is(PowerFlags.BatteryPresent) == false ? new("No Battery", 10, 3)
            : reading.Alarm is not null ? new("Alarm", 10, 3)
            : Normal);
    }

    /// <summary>The condition of a battery: whether it can be relied on, not how full it is.</summary>
    public static PowerCondition OfBattery(PowerReading reading)
    {
        if (reading.State != Sdk.Hardware.ReadingState.Ok || reading.Is(PowerFlags.BatteryPresent) == false || reading.Is(PowerFlags.CommunicationLost) == true)
        {
            return Unknown;
        }

        return reading.Is(PowerFlags.NeedReplacement) == true ? new("Replace Battery", 15, 3)
            : reading.Is(PowerFlags.OverCharged) == true ? new("Battery Over-Charged", 10, 3)
            : reading.Known == PowerFlags.None ? Unknown : Normal;
    }

    /// <summary>The condition of an adapter. One that is not plugged in is not in bad health: it may be meant so.</summary>
    public static PowerCondition OfAdapter(PowerReading reading) =>
        reading.State != Sdk.Hardware.ReadingState.Ok || reading.Known == PowerFlags.None ? Unknown
        : reading.Is(PowerFlags.InternalFailure) == true ? new("Failure", 25, 6)
        : reading.Is(PowerFlags.OverTemperature) == true ? new("Over Temperature", 10, 3)
        : reading.Is(PowerFlags.AcPresent) == false ? new("Not Plugged In", 5, 2)
        : Normal;

    /// <summary>True when the load is known to be fed from the battery.</summary>
    public static bool OnBattery(PowerReading reading) => reading.Is(PowerFlags.AcPresent) is { } present
        ? !present && reading.Is(PowerFlags.Off) != true
        : reading.Is(PowerFlags.Discharging) == true;

    private static PowerCondition? First(PowerReading reading)
    {
        foreach ((PowerFlags flag, PowerCondition condition) in s_ups)
        {
            if ((reading.Raised & flag) != 0)
            {
                return condition;
            }
        }

        return null;
    }
}
