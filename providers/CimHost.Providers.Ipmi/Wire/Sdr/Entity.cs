namespace CimHost.Providers.Ipmi.Wire.Sdr;

/// <summary>An entity: id and instance.</summary>
internal readonly record struct Entity(byte Id, byte Instance);
