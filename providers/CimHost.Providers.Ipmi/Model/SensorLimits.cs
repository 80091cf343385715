namespace CimHost.Providers.Ipmi.Model;

/// <summary>Thresholds and hysteresis of a sensor in its unit.</summary>
/// <param name="Thresholds">Six values in the order of <see cref="Wire.Sensors.Threshold"/>; null where there is none.</param>
/// <param name="Hysteresis">Positive-going hysteresis; null when the sensor has none or does not tell.</param>
/// <param name="ReadAt">When they were read.</param>
internal sealed record SensorLimits(IReadOnlyList<double?> Thresholds, double? Hysteresis, DateTimeOffset ReadAt)
{
    /// <summary>No limits at all.</summary>
    public static SensorLimits None(DateTimeOffset time) => new(new double?[6], null, time);
}
