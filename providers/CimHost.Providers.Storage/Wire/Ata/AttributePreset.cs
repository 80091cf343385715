namespace CimHost.Providers.Storage.Wire.Ata;

/// <summary>A definition from the drive database, with the kind of drive for which its name holds.</summary>
/// <param name="Definition">Name (empty when the preset gives none) and format.</param>
/// <param name="SolidState">True for the name on SSDs only, false on disks only, null on both.</param>
internal sealed record AttributePreset(AttributeDefinition Definition, bool? SolidState);
