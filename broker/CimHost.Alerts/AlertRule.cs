namespace CimHost.Alerts;

/// <summary>What an administrator says of elements whose name fits a pattern. What is left out stays as the hardware has it.</summary>
public sealed class AlertRule
{
    /// <summary>Pattern of the name or the object path: * any text, ? one character; any case.</summary>
    public string Pattern { get; set; } = "*";

    /// <summary>False: no alerts of these.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Readings at or above are degraded; null: as the hardware has it.</summary>
    public double? UpperNonCritical { get; set; }

    /// <summary>Readings at or above are critical; null: as the hardware has it.</summary>
    public double? UpperCritical { get; set; }

    /// <summary>Readings at or below are degraded; null: as the hardware has it.</summary>
    public double? LowerNonCritical { get; set; }

    /// <summary>Readings at or below are critical; null: as the hardware has it.</summary>
    public double? LowerCritical { get; set; }

    /// <summary>How far a reading has to come back; null: as the hardware has it.</summary>
    public double? Hysteresis { get; set; }

    /// <summary>"n of m": how many of the last readings must be bad, at most 32; empty: 1 of 1.</summary>
    public string Readings { get; set; } = string.Empty;
}
