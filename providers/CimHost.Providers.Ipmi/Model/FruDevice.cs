using CimHost.Providers.Ipmi.Wire.Fru;
using CimHost.Providers.Ipmi.Wire.Sdr;

namespace CimHost.Providers.Ipmi.Model;

/// <summary>A FRU device.</summary>
/// <param name="Address">Where it is read.</param>
/// <param name="Entity">What it is.</param>
/// <param name="Name">Name of its locator, or of the controller.</param>
/// <param name="Inventory">Its inventory; null when it is empty, absent or could not be read.</param>
/// <param name="Problem">Why it could not be read; null when it could.</param>
internal sealed record FruDevice(FruAddress Address, Entity Entity, string Name, FruInventory? Inventory, string? Problem);
