namespace CimHost.Providers.Storage.Wire.Ata;

/// <summary>An entry of the drive database.</summary>
/// <param name="Family">Name of the family of drives.</param>
/// <param name="ModelPattern">Expression for the model.</param>
/// <param name="FirmwarePattern">Expression for the firmware; empty for any.</param>
/// <param name="Warning">What the owner of such a drive has to know; mostly empty.</param>
/// <param name="Presets">Options of smartctl.</param>
internal sealed record DriveEntry(string Family, string ModelPattern, string FirmwarePattern, string Warning, string Presets);
