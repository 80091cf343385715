using CimHost.Providers.Ipmi.Wire.Sdr;

namespace CimHost.Providers.Ipmi.Model;

/// <summary>A fan or a power supply, known by the sensors that watch it or by its FRU.</summary>
/// <param name="DeviceId">Port name and entity, or port name and sensor where an entity holds many fans.</param>
/// <param name="Name">Name for people.</param>
/// <param name="Entity">The entity.</param>
/// <param name="Sensors">The sensors that watch it; none when only a FRU locator tells of it.</param>
internal sealed record MachineDevice(string DeviceId, string Name, Entity Entity, IReadOnlyList<BmcSensor> Sensors);
