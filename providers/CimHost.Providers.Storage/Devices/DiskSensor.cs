namespace CimHost.Providers.Storage.Devices;

/// <summary>Something of a device that is measured.</summary>
/// <param name="Key">Stable name within the device: "temperature", "spare", "fan3".</param>
/// <param name="Kind">What is measured.</param>
/// <param name="Name">Name for people.</param>
/// <param name="Value">The value in the kind's unit; null when there is none.</param>
/// <param name="Reason">Why there is none; null when there is.</param>
internal sealed record DiskSensor(string Key, DiskSensorKind Kind, string Name, int? Value, string? Reason = null)
{
    public int? LowerNonCritical { get; init; }

    public int? LowerCritical { get; init; }

    public int? UpperNonCritical { get; init; }

    public int? UpperCritical { get; init; }

    /// <summary>What the device itself says of the state; null when only the limits count.</summary>
    public DiskHealth? Reported { get; init; }
}
