namespace CimHost.Providers.Storage.Wire.Ata;

/// <summary>The registers after an ATA command, from sense data (SAT-4 §12.2.2.7, ATA Status Return descriptor; §12.2.2.8, fixed format).</summary>
/// <param name="Error">Error register.</param>
/// <param name="Status">Status register.</param>
/// <param name="Count">Count register.</param>
/// <param name="Lba">LBA registers.</param>
internal readonly record struct AtaStatusReturn(byte Error, byte Status, ushort Count, ulong Lba)
{
    private const byte DescriptorFormat = 0x72;
    private const byte FixedFormat = 0x70;

    /// <summary>True when the command ended with an error.</summary>
    public bool IsError => (Status & 0x21) != 0;

    /// <summary>Finds the registers; false when the sense data have none.</summary>
    public static bool TryRead(ReadOnlySpan<byte> sense, out AtaStatusReturn registers)
    {
        registers = default;
        if (sense.Length < 8)
        {
            return false;
        }

        return (sense[0] & 0x7F) switch
        {
            DescriptorFormat => TryReadDescriptors(sense, out registers),
            FixedFormat when sense.Length >= 12 => TryReadFixed(sense, out registers),
            _ => false,
        };
    }

    private static bool TryReadDescriptors(ReadOnlySpan<byte> sense, out AtaStatusReturn registers)
    {
        registers = default;
        int end = Math.Min(sense.Length, 8 + sense[7]);
        for (int at = 8; at + 2 <= end; at += 2 + sense[at + 1])
        {
            if (sense[at] == 0x09 && sense[at + 1] >= 12 && at + 14 <= end)
            {
                ReadOnlySpan<byte> d = sense.Slice(at, 14);
                bool extended = (d[2] & 1) != 0;
                ulong lba = d[7] | ((ulong)d[9] << 8) | ((ulong)d[11] << 16);
                if (extended)
                {
                    lba |= ((ulong)d[6] << 24) | ((ulong)d[8] << 32) | ((ulong)d[10] << 40);
                }

                registers = new AtaStatusReturn(d[3], d[13], (ushort)(d[5] | (extended ? d[4] << 8 : 0)), lba);
                return true;
            }
        }

        return false;
    }

    // The information field carries error, status, device and count, the command-specific one the low LBA registers.
    private static bool TryReadFixed(ReadOnlySpan<byte> sense, out AtaStatusReturn registers)
    {
        registers = new AtaStatusReturn(sense[3], sense[4], sense[6], sense[9] | ((ulong)sense[10] << 8) | ((ulong)sense[11] << 16));
        return sense.Length >= 14 && sense[12] == 0x00 && sense[13] == 0x1D;
    }
}
