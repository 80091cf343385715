namespace CimHost.Providers.Sensors.Thermal;

/// <summary>A temperature at which the kernel acts on a zone.</summary>
/// <param name="Number">Its number in the kernel.</param>
/// <param name="Type">What happens there: "critical" (the system shuts down), "hot", "passive" (slows down), "active" (a fan starts).</param>
/// <param name="Temperature">In millidegrees; null when it is not set or cannot be read.</param>
/// <param name="Hysteresis">In millidegrees; null when there is none.</param>
internal sealed record TripPoint(int Number, string Type, long? Temperature, long? Hysteresis);
