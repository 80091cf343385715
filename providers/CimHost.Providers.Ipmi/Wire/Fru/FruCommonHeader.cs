namespace CimHost.Providers.Ipmi.Wire.Fru;

/// <summary>Common header of a FRU inventory (Platform Management FRU Information Storage Definition 1.0 §8). Offsets in bytes; 0: the area is not there.</summary>
internal readonly record struct FruCommonHeader(int InternalUse, int Chassis, int Board, int Product, int MultiRecord)
{
    public const int Length = 8;

    public static bool TryRead(ReadOnlySpan<byte> data, out FruCommonHeader header, out string? problem)
    {
        header = default;
        problem = data.Length < Length ? $"the inventory has {data.Length} bytes and no common header"
            : (data[0] & 0x0F) != 1 ? $"the common header has format {data[0] & 0x0F} and not 1"
            : !FruChecksum.IsZero(data[..Length]) ? "the checksum of the common header is wrong"
            : null;
        if (problem is not null)
        {
            return false;
        }

        header = new FruCommonHeader(data[1] * 8, data[2] * 8, data[3] * 8, data[4] * 8, data[5] * 8);
        return true;
    }
}
