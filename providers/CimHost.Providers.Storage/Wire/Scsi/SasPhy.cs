namespace CimHost.Providers.Storage.Wire.Scsi;

/// <summary>A SAS phy of a device (SPL-4 §9.2.8).</summary>
/// <param name="Port">Relative target port.</param>
/// <param name="Id">Number of the phy.</param>
/// <param name="LinkRate">Negotiated logical link rate: 8 1.5, 9 3, Ah 6, Bh 12, Ch 22.5 Gbit/s.</param>
/// <param name="Address">SAS address in hexadecimal.</param>
/// <param name="Attached">SAS address at the other end.</param>
/// <param name="InvalidDwords">Invalid dwords received.</param>
/// <param name="DisparityErrors">Running disparity errors.</param>
/// <param name="LossOfSync">Losses of dword synchronization.</param>
/// <param name="ResetProblems">Phy reset problems.</param>
internal sealed record SasPhy(
    ushort Port, byte Id, byte LinkRate, string Address, string Attached, uint InvalidDwords, uint DisparityErrors, uint LossOfSync, uint ResetProblems)
{
    /// <summary>Bits per second; 0 when nothing is attached.</summary>
    public ulong BitsPerSecond => LinkRate switch { 8 => 1_500_000_000, 9 => 3_000_000_000, 10 => 6_000_000_000, 11 => 12_000_000_000, 12 => 22_500_000_000, _ => 0 };
}
