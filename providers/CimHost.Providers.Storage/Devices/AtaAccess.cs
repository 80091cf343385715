using CimHost.Providers.Storage.Wire.Ata;

namespace CimHost.Providers.Storage.Devices;

/// <summary>What a reader has to know of an ATA disk.</summary>
/// <param name="Identify">Its IDENTIFY DEVICE data.</param>
/// <param name="Twelve">Commands travel in ATA PASS-THROUGH (12).</param>
internal sealed record AtaAccess(IdentifyDevice Identify, bool Twelve);
