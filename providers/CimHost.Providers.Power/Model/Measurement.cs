using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Power.Model;

/// <summary>One measured value of a power device, in the unit of its quantity. Limits and nominal value are null where the device tells none.</summary>
/// <param name="Name">Name within the device: "input.voltage", "battery.charge". What begins with "battery." belongs to the battery.</param>
/// <param name="Quantity">What is measured.</param>
internal sealed record Measurement(string Name, PowerQuantity Quantity)
{
    /// <summary>What is measured of a battery has a name that begins so.</summary>
    public const string BatteryPrefix = "battery.";

    /// <summary>Charge of the battery in percent.</summary>
    public const string BatteryCharge = "battery.charge";

    /// <summary>Seconds that the battery lasts at the present load.</summary>
    public const string BatteryRunTime = "battery.runtime";

    /// <summary>The value; NaN without one.</summary>
    public double Value { get; init; } = double.NaN;

    /// <summary>Whether there is a value.</summary>
    public ReadingState State { get; init; } = ReadingState.Unavailable;

    /// <summary>Why there is none, as a sentence; null when there is one.</summary>
    public string? Reason { get; init; }

    public double? Nominal { get; init; }

    public double? LowerNonCritical { get; init; }

    public double? UpperNonCritical { get; init; }

    public double? LowerCritical { get; init; }

    /// <summary>The measurement with a value, or without one and with the reason, when the value cannot be true.</summary>
    public Measurement With(double value) => double.IsFinite(value) && value >= Quantity.Least && value <= Quantity.Most
        ? this with { Value = value, State = ReadingState.Ok, Reason = null }
        : Without(ReadingState.Unavailable, FormattableString.Invariant($"{value:G6} {Quantity.Unit} is no {Quantity.Noun} that can be true"));

    /// <summary>The measurement without a value.</summary>
    public Measurement Without(ReadingState state, string reason) => this with { Value = double.NaN, State = state, Reason = reason };
}
