namespace CimHost.Providers.Power.Model;

/// <summary>What a power device says of its state in single bits; the names are those of the HID usages (Usage Tables for HID Power Devices 1.0 §4).</summary>
[Flags]
internal enum PowerFlags
{
    None = 0,
    AcPresent = 1 << 0,
    BatteryPresent = 1 << 1,
    Charging = 1 << 2,
    Discharging = 1 << 3,
    FullyCharged = 1 << 4,
    FullyDischarged = 1 << 5,
    BelowRemainingCapacityLimit = 1 << 6,
    RemainingTimeLimitExpired = 1 << 7,
    ShutdownRequested = 1 << 8,
    ShutdownImminent = 1 << 9,
    NeedReplacement = 1 << 10,
    Overload = 1 << 11,
    OverTemperature = 1 << 12,
    OverCharged = 1 << 13,
    InternalFailure = 1 << 14,
    VoltageOutOfRange = 1 << 15,
    FrequencyOutOfRange = 1 << 16,
    CommunicationLost = 1 << 17,
    Boost = 1 << 18,
    Buck = 1 << 19,
    AwaitingPower = 1 << 20,

    /// <summary>The load is fed past the UPS (NUT: BYPASS).</summary>
    Bypass = 1 << 21,

    /// <summary>The UPS measures its battery (NUT: CAL).</summary>
    Calibrating = 1 << 22,

    /// <summary>The UPS is off and feeds nothing (NUT: OFF).</summary>
    Off = 1 << 23,
}
