using CimHost.Providers.Ipmi.Wire.Fru;
using CimHost.Providers.Ipmi.Wire.Sdr;

namespace CimHost.Providers.Ipmi.Model;

/// <summary>What a controller tells of the machine beside its sensors; changes when someone exchanges a part or updates the BIOS.</summary>
/// <param name="Frus">FRU devices, the controller's own (0) first.</param>
/// <param name="SystemGuid">GUID of the system, else of the controller; null when neither is told.</param>
/// <param name="BiosVersion">Version of the system firmware; null when the controller does not know it.</param>
/// <param name="Failure">Why the reading ended early; null when it did not.</param>
internal sealed record BmcAssets(IReadOnlyList<FruDevice> Frus, Guid? SystemGuid, string? BiosVersion, string? Failure)
{
    /// <summary>Inventory of the machine itself: FRU device 0 of the controller that the port leads to.</summary>
    public FruInventory? Machine => Frus.FirstOrDefault(f => f.Address.IsMachine)?.Inventory;

    /// <summary>The FRU of an entity that is not the machine's own.</summary>
    public FruDevice? Find(Entity entity) => Frus.FirstOrDefault(f => !f.Address.IsMachine && f.Entity == entity && f.Inventory is not null);
}
