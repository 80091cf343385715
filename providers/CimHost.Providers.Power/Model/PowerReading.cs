using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Power.Model;

/// <summary>All that one look at a power device gave. What is null the device does not tell.</summary>
internal sealed record PowerReading
{
    /// <summary>Whether the device could be read at all; single measurements may be missing nevertheless.</summary>
    public required ReadingState State { get; init; }

    /// <summary>Why it could not, as a sentence; null when it could.</summary>
    public string? Reason { get; init; }

    /// <summary>When it was read.</summary>
    public required DateTimeOffset Time { get; init; }

    public string? Manufacturer { get; init; }

    public string? Model { get; init; }

    public string? SerialNumber { get; init; }

    public string? FirmwareVersion { get; init; }

    /// <summary>The flags that the device tells, raised or not.</summary>
    public PowerFlags Known { get; init; }

    /// <summary>The flags that are raised; a part of <see cref="Known"/>.</summary>
    public PowerFlags Raised { get; init; }

    /// <summary>Everything measured, in a stable order; a device that cannot be read keeps its measurements, without values.</summary>
    public IReadOnlyList<Measurement> Measurements { get; init; } = [];

    /// <summary>Text that the device raises an alarm with; null for none.</summary>
    public string? Alarm { get; init; }

    public BatteryFacts Battery { get; init; } = new();

    /// <summary>Power that the device was made to give, in watts.</summary>
    public double? RatedPower { get; init; }

    /// <summary>Apparent power that the device was made to give, in volt-amperes.</summary>
    public double? RatedApparentPower { get; init; }

    /// <summary>Whether a flag is raised; null when the device does not tell.</summary>
    public bool? Is(PowerFlags flag) => (Known & flag) == 0 ? null : (Raised & flag) != 0;

    /// <summary>The value of a measurement; null without one.</summary>
    public double? Value(string name)
    {
        foreach (Measurement measurement in Measurements)
        {
            if (measurement.Name == name)
            {
                return measurement.State == ReadingState.Ok ? measurement.Value : null;
            }
        }

        return null;
    }

    /// <summary>The same reading, in which nothing is told of a battery that is not installed, as devices tell 0 for it.</summary>
    public PowerReading WithoutAbsentBattery() => Is(PowerFlags.BatteryPresent) != false ? this : this with
    {
        Battery = new BatteryFacts(),
        Measurements = [.. Measurements.Select(m => m.Name.StartsWith(Measurement.BatteryPrefix, StringComparison.Ordinal)
            ? m.Without(ReadingState.Absent, "no battery is installed")
            : m)],
    };

    /// <summary>The same device when it cannot be read: names stay, values and flags go.</summary>
    public PowerReading Failed(ReadingState state, string reason, DateTimeOffset time) => this with
    {
        State = state,
        Reason = reason,
        Time = time,
        Known = PowerFlags.None,
        Raised = PowerFlags.None,
        Alarm = null,
        Battery = Battery with { RemainingCapacity = null, TimeToFull = null },
        Measurements = [.. Measurements.Select(m => m.Without(state, reason))],
    };
}

/// <summary>What a battery tells beside its measurements. What is null it does not tell.</summary>
internal sealed record BatteryFacts
{
    /// <summary>Volts that it was made for.</summary>
    public double? DesignVoltage { get; init; }

    /// <summary>Milliwatt-hours when new.</summary>
    public double? DesignCapacity { get; init; }

    /// <summary>Milliwatt-hours when full now.</summary>
    public double? FullChargeCapacity { get; init; }

    /// <summary>Milliwatt-hours now.</summary>
    public double? RemainingCapacity { get; init; }

    /// <summary>Seconds until it is full.</summary>
    public double? TimeToFull { get; init; }

    /// <summary>How often it was charged and emptied.</summary>
    public long? CycleCount { get; init; }

    /// <summary>What it is made of, as the device names it: "Li-ion", "PbAc".</summary>
    public string? Chemistry { get; init; }
}
