namespace CimHost.Providers.Power.Wire.Hid;

/// <summary>Usages of the Power Device page (84h) and the Battery System page (85h); Usage Tables for HID Power Devices 1.0 §4.1, §4.2.</summary>
internal static class HidUsage
{
    public const uint PowerPage = 0x84;
    public const uint BatteryPage = 0x85;

    // Collections (§4.1.1).
    public const uint Ups = 0x840004;
    public const uint PowerSupply = 0x840005;
    public const uint BatterySystem = 0x840010;
    public const uint Battery = 0x840012;
    public const uint Charger = 0x840014;
    public const uint PowerConverter = 0x840016;
    public const uint OutletSystem = 0x840018;
    public const uint Input = 0x84001A;
    public const uint Output = 0x84001C;
    public const uint Flow = 0x84001E;
    public const uint Outlet = 0x840020;
    public const uint PowerSummary = 0x840024;

    // Measures and what they were made for (§4.1.2, §4.1.3).
    public const uint Voltage = 0x840030;
    public const uint Current = 0x840031;
    public const uint Frequency = 0x840032;
    public const uint ApparentPower = 0x840033;
    public const uint ActivePower = 0x840034;
    public const uint PercentLoad = 0x840035;
    public const uint Temperature = 0x840036;
    public const uint Humidity = 0x840037;
    public const uint ConfigVoltage = 0x840040;
    public const uint ConfigCurrent = 0x840041;
    public const uint ConfigFrequency = 0x840042;
    public const uint ConfigApparentPower = 0x840043;
    public const uint ConfigActivePower = 0x840044;
    public const uint LowVoltageTransfer = 0x840053;
    public const uint HighVoltageTransfer = 0x840054;

    // Status bits of power devices (§4.1.5).
    public const uint Good = 0x840061;
    public const uint InternalFailure = 0x840062;
    public const uint VoltageOutOfRange = 0x840063;
    public const uint FrequencyOutOfRange = 0x840064;
    public const uint Overload = 0x840065;
    public const uint OverCharged = 0x840066;
    public const uint OverTemperature = 0x840067;
    public const uint ShutdownRequested = 0x840068;
    public const uint ShutdownImminent = 0x840069;
    public const uint Boost = 0x84006E;
    public const uint Buck = 0x84006F;
    public const uint AwaitingPower = 0x840072;
    public const uint CommunicationLost = 0x840073;

    // Battery settings, measures and status bits (§4.2).
    public const uint RemainingCapacityLimit = 0x850029;
    public const uint CapacityMode = 0x85002C;
    public const uint BelowRemainingCapacityLimit = 0x850042;
    public const uint RemainingTimeLimitExpired = 0x850043;
    public const uint Charging = 0x850044;
    public const uint Discharging = 0x850045;
    public const uint FullyCharged = 0x850046;
    public const uint FullyDischarged = 0x850047;
    public const uint NeedReplacement = 0x85004B;
    public const uint RelativeStateOfCharge = 0x850064;
    public const uint AbsoluteStateOfCharge = 0x850065;
    public const uint RemainingCapacity = 0x850066;
    public const uint FullChargeCapacity = 0x850067;
    public const uint RunTimeToEmpty = 0x850068;
    public const uint AverageTimeToFull = 0x85006A;
    public const uint CycleCount = 0x85006B;
    public const uint DesignCapacity = 0x850083;
    public const uint WarningCapacityLimit = 0x85008C;
    public const uint AcPresent = 0x8500D0;
    public const uint BatteryPresent = 0x8500D1;
    public const uint PowerFail = 0x8500D2;
    public const uint BatteryVoltageOutOfRange = 0x8500D8;
}
