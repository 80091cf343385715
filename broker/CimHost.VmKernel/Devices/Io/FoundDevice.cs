namespace CimHost.VmKernel.Devices.Io;

/// <summary>A device that a driver sees. The same device seen again is equal to what was seen before; one that moved is not.</summary>
/// <param name="Id">Stable name.</param>
/// <param name="Description">What it is attached to, for people: "/dev/ipmi0", "RMCP+ 192.0.2.1:623".</param>
/// <param name="Node">Name of its node below /dev; null for none.</param>
/// <param name="Concurrency">How many requests its driver takes at once, at least 1.</param>
internal sealed record FoundDevice(DeviceId Id, string Description, string? Node, int Concurrency);
