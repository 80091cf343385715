namespace CimHost.Providers.Storage.Wire.Ata;

/// <summary>A self-test that an ATA disk logged.</summary>
/// <param name="Type">Subcommand with which it was started: 1 short, 2 extended, 3 conveyance, 4 selective; 80h more when captive.</param>
/// <param name="Status">Execution status: code in bits 7:4 (ACS-3 table 138), tenths that remained in bits 3:0.</param>
/// <param name="LifetimeHours">Power-on hours when it ended; the field has 16 bits and starts anew.</param>
/// <param name="Lba">Where it failed; null when it did not say.</param>
internal sealed record AtaSelfTestEntry(byte Type, byte Status, ushort LifetimeHours, ulong? Lba);
