namespace CimHost.Providers.Sensors.Wire;

/// <summary>The six thresholds of CIM_NumericSensor; the numbers are those of its SupportedThresholds.</summary>
internal enum ThresholdLevel
{
    LowerNonCritical = 0,
    UpperNonCritical = 1,
    LowerCritical = 2,
    UpperCritical = 3,
    LowerFatal = 4,
    UpperFatal = 5,
}
