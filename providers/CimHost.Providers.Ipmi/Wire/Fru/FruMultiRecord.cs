namespace CimHost.Providers.Ipmi.Wire.Fru;

/// <summary>A record of the multi-record area (FRU definition §16).</summary>
/// <param name="Type">Record type: 0 power supply, 1 DC output, 2 DC load, 3 management access, C0h and above the maker's.</param>
/// <param name="Data">The record without its header.</param>
internal readonly record struct FruMultiRecord(byte Type, byte[] Data)
{
    public const byte PowerSupply = 0x00;
    public const byte DcOutput = 0x01;
    public const byte DcLoad = 0x02;

    private const int HeaderLength = 5;
    private const int MaxRecords = 64;

    /// <summary>Reads the records from an offset to the last, or to the first that is damaged, which then is the problem.</summary>
    public static List<FruMultiRecord> ReadAll(ReadOnlySpan<byte> inventory, int offset, out string? problem)
    {
        var records = new List<FruMultiRecord>();
        problem = null;
        bool last = false;
        while (!last && records.Count < MaxRecords)
        {
            if (offset + HeaderLength > inventory.Length)
            {
                problem = $"the multi-record at {offset} lies outside of the {inventory.Length} bytes that could be read";
                break;
            }

            ReadOnlySpan<byte> header = inventory.Slice(offset, HeaderLength);
            int length = header[2];
            if (!FruChecksum.IsZero(header) || (header[1] & 0x0F) != 2)
            {
                problem = $"the header of the multi-record at {offset} is wrong";
                break;
            }

            if (offset + HeaderLength + length > inventory.Length)
            {
                problem = $"the multi-record at {offset} tells {length} bytes, more than the inventory has";
                break;
            }

            ReadOnlySpan<byte> data = inventory.Slice(offset + HeaderLength, length);
            byte sum = header[3];
            foreach (byte b in data)
            {
                sum += b;
            }

            if (sum != 0)
            {
                problem = $"the checksum of the multi-record at {offset} is wrong";
                break;
            }

            records.Add(new FruMultiRecord(header[0], data.ToArray()));
            last = (header[1] & 0x80) != 0;
            offset += HeaderLength + length;
        }

        return records;
    }
}
