using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Ipmi.Model;

/// <summary>An inventory, when it was last compared with the controller, and why that failed if it did.</summary>
internal sealed record InventoryState(BmcInventory Inventory, DateTimeOffset CheckedAt, HardwareException? Failure);
