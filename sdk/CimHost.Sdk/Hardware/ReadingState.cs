namespace CimHost.Sdk.Hardware;

/// <summary>Whether a reading carries a value, and if not, why. Absence is never 0 and never critical.</summary>
public enum ReadingState
{
    /// <summary>The value is there.</summary>
    Ok,

    /// <summary>The device says that it has no value now (scanning disabled, initial update, powered off) or could not be read.</summary>
    Unavailable,

    /// <summary>The thing measured is not installed.</summary>
    Absent,

    /// <summary>The device sleeps and was not woken.</summary>
    Asleep,

    /// <summary>No answer in time.</summary>
    TimedOut,

    /// <summary>The device does not support this reading.</summary>
    Unsupported,
}
