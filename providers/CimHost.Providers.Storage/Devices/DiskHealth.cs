namespace CimHost.Providers.Storage.Devices;

/// <summary>What a device's own reports mean, the worst last.</summary>
internal enum DiskHealth
{
    /// <summary>It does not tell.</summary>
    Unknown,
    Ok,

    /// <summary>Worn, too warm or short of spare.</summary>
    Degraded,

    /// <summary>The device foretells its failure.</summary>
    PredictiveFailure,

    /// <summary>It failed.</summary>
    Failed,
}
