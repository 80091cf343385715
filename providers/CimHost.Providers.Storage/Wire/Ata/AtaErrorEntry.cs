namespace CimHost.Providers.Storage.Wire.Ata;

/// <summary>An error that an ATA disk logged.</summary>
/// <param name="Number">Number of the error since the disk was made, 1 for the first.</param>
/// <param name="LifetimeHours">Power-on hours when it happened; the field has 16 bits and starts anew.</param>
/// <param name="State">State of the device: 1 sleep, 2 standby, 3 active or idle, 4 background or self-test; other values are the vendor's.</param>
/// <param name="Error">Error register.</param>
/// <param name="Status">Status register.</param>
/// <param name="Count">Count register.</param>
/// <param name="Lba">LBA registers.</param>
/// <param name="Command">Command register of the command that failed; null when none was logged.</param>
internal sealed record AtaErrorEntry(int Number, ushort LifetimeHours, byte State, byte Error, byte Status, ushort Count, ulong Lba, byte? Command)
{
    private static readonly (byte Bit, string Name)[] s_errors =
        [(0x80, "ICRC"), (0x40, "UNC"), (0x20, "MC"), (0x10, "IDNF"), (0x08, "MCR"), (0x04, "ABRT"), (0x02, "NM"), (0x01, "obs")];

    /// <summary>Names of the bits of the error register (ACS-4 §6.2), "UNC, ABRT".</summary>
    public string ErrorText => string.Join(", ", s_errors.Where(e => (Error & e.Bit) != 0).Select(e => e.Name));
}
