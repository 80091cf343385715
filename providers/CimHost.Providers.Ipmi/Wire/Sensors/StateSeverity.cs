namespace CimHost.Providers.Ipmi.Wire.Sensors;

/// <summary>What an asserted state means for health.</summary>
internal enum StateSeverity
{
    /// <summary>Nothing: the state informs.</summary>
    Ok,

    /// <summary>Works, and wants attention.</summary>
    Degraded,

    /// <summary>Does not work, or will fail.</summary>
    Critical,

    /// <summary>Beyond recovery.</summary>
    NonRecoverable,
}
