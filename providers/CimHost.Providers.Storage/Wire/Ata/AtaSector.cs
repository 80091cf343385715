namespace CimHost.Providers.Storage.Wire.Ata;

/// <summary>A block of 512 bytes as ATA commands return them.</summary>
internal static class AtaSector
{
    public const int Length = 512;

    /// <summary>True when all bytes add up to 0, as SMART data and most logs have it (ACS-3 §7.53).</summary>
    public static bool ChecksumIsGood(ReadOnlySpan<byte> sector)
    {
        byte sum = 0;
        foreach (byte b in sector[..Length])
        {
            sum += b;
        }

        return sum == 0;
    }

    /// <summary>Checks length and checksum; the reason when one is wrong.</summary>
    public static string? Check(ReadOnlySpan<byte> data, string what) =>
        data.Length < Length ? $"{what} has {data.Length} bytes and not {Length}"
        : !ChecksumIsGood(data) ? $"the checksum of {what} is wrong"
        : null;
}
