namespace CimHost.Providers.Storage.Wire.Ata;

/// <summary>What is known of an attribute of a kind of drive.</summary>
/// <param name="Name">Name as smartmontools writes it ("Reallocated_Sector_Ct").</param>
/// <param name="Format">How to read the raw value.</param>
/// <param name="ByteOrder">Bytes of the raw value, the highest first: 0 to 5 raw, r reserved, v value, w worst; empty for the format's own order.</param>
internal sealed record AttributeDefinition(string Name, RawFormat Format = RawFormat.Default, string ByteOrder = "");
