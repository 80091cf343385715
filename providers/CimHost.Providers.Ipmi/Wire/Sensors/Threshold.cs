namespace CimHost.Providers.Ipmi.Wire.Sensors;

/// <summary>The six thresholds, numbered as every mask and list of IPMI numbers them (IPMI 2.0 §35.9).</summary>
internal enum Threshold
{
    LowerNonCritical,
    LowerCritical,
    LowerNonRecoverable,
    UpperNonCritical,
    UpperCritical,
    UpperNonRecoverable,
}
