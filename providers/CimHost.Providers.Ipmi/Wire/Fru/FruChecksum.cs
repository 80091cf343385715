namespace CimHost.Providers.Ipmi.Wire.Fru;

/// <summary>The checksum of FRU areas: all bytes together, the checksum included, are 0 modulo 256.</summary>
internal static class FruChecksum
{
    public static bool IsZero(ReadOnlySpan<byte> data)
    {
        byte sum = 0;
        foreach (byte b in data)
        {
            sum += b;
        }

        return sum == 0;
    }
}
