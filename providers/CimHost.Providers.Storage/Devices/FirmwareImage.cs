namespace CimHost.Providers.Storage.Devices;

/// <summary>A firmware of a device.</summary>
/// <param name="Slot">Slot, from 1; 0 where there are no slots.</param>
/// <param name="Version">Revision.</param>
/// <param name="IsRunning">The device runs from it.</param>
/// <param name="IsNext">The device will run from it after its next reset.</param>
internal sealed record FirmwareImage(int Slot, string Version, bool IsRunning, bool IsNext);
