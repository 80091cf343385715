namespace CimHost.Sdk.Hardware;

/// <summary>A measured value with its unit, its time and its state.</summary>
/// <param name="Value">Value in <paramref name="Unit"/>; meaningless unless <paramref name="State"/> is Ok.</param>
/// <param name="Unit">Unit symbol ("°C", "V", "RPM").</param>
/// <param name="Time">When it was read.</param>
/// <param name="State">Whether there is a value.</param>
/// <param name="Reason">Why there is none, in a sentence for people; null when there is one.</param>
public readonly record struct Reading(double Value, string Unit, DateTimeOffset Time, ReadingState State, string? Reason = null)
{
    /// <summary>True when <see cref="Value"/> may be used.</summary>
    public bool HasValue => State == ReadingState.Ok;

    /// <summary>A reading without a value.</summary>
    public static Reading Without(string unit, DateTimeOffset time, ReadingState state, string reason) => new(double.NaN, unit, time, state, reason);
}
