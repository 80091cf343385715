namespace CimHost.Alerts.Engine;

/// <summary>A threshold of a reading.</summary>
/// <param name="Name">Its name, as CIM_NumericSensor calls it (UpperThresholdCritical…), or that of a rule.</param>
/// <param name="Value">Its value, in the units of the reading; reaching it counts as crossing it (IPMI 2.0 section 35.9).</param>
/// <param name="IsUpper">True when readings above it are bad.</param>
/// <param name="Severity">How bad crossing it is.</param>
/// <param name="Hysteresis">How far a reading has to come back behind it until it is not crossed any more.</param>
public sealed record Limit(string Name, double Value, bool IsUpper, PerceivedSeverity Severity, double Hysteresis)
{
    /// <summary>Whether a reading is beyond it.</summary>
    /// <param name="reading">The reading.</param>
    /// <param name="wasCrossed">Whether the reading before was beyond it: then it has to come back by more than the hysteresis.</param>
    public bool IsCrossed(double reading, bool wasCrossed)
    {
        double back = wasCrossed ? Hysteresis : 0;
        return IsUpper
            ? wasCrossed && back > 0 ? reading > Value - back : reading >= Value
            : wasCrossed && back > 0 ? reading < Value + back : reading <= Value;
    }
}
