namespace CimHost.Providers.Ipmi.Wire.Sdr;

/// <summary>Id string of an SDR: a type/length byte and up to 31 bytes (IPMI 2.0 §43.15).</summary>
internal static class IdString
{
    /// <summary>Reads the string at the end of a record. What the record cuts off is left out; the empty string when there is none.</summary>
    public static string Read(ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty)
        {
            return string.Empty;
        }

        ReadOnlySpan<byte> content = data.Slice(1, Math.Min(data[0] & 0x1F, data.Length - 1));
        return (data[0] >> 6) switch
        {
            0 => TextField.ReadUnicode(content),
            1 => TextField.ReadBcdPlus(content),
            2 => TextField.Read6Bit(content),
            _ => TextField.ReadLatin1(content),
        };
    }
}
