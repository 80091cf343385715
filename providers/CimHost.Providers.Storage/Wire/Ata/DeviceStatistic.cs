namespace CimHost.Providers.Storage.Wire.Ata;

/// <summary>A value of the device statistics.</summary>
/// <param name="Page">Page of the log.</param>
/// <param name="Offset">Byte within the page.</param>
/// <param name="Name">Name of the statistic (ACS-4 §9.5); "Page 8 offset 16" when it is not known.</param>
/// <param name="Value">The value; null when the device says that it is not valid now.</param>
/// <param name="IsNormalized">True when the value is normalized (100 or less).</param>
internal sealed record DeviceStatistic(byte Page, int Offset, string Name, long? Value, bool IsNormalized);
