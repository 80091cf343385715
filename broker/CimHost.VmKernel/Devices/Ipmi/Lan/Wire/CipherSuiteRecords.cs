namespace CimHost.VmKernel.Devices.Ipmi.Lan.Wire;

/// <summary>The records that Get Channel Cipher Suites returns in pieces of 16 bytes (IPMI 2.0 §22.15.1).</summary>
public static class CipherSuiteRecords
{
    /// <summary>Bytes of one piece.</summary>
    public const int Piece = 16;

    /// <summary>Most bytes that the list can have: 64 pieces.</summary>
    public const int MaxLength = 64 * Piece;

    private const byte Standard = 0xC0;
    private const byte Oem = 0xC1;

    /// <summary>Reads the ids of the standard cipher suites; manufacturers' own are passed over. False when the records break their format.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out IReadOnlyList<byte> suites)
    {
        var found = new List<byte>();
        suites = found;
        int at = 0;
        while (at < source.Length)
        {
            byte start = source[at];
            int head = start == Standard ? 2 : start == Oem ? 5 : 0;
            if (head == 0 || source.Length - at < head)
            {
                return false;
            }

            if (start == Standard)
            {
                found.Add(source[at + 1]);
            }

            // Algorithms follow up to the next start of a record, which alone has both high bits set.
            for (at += head; at < source.Length && source[at] < Standard; at++)
            {
            }
        }

        return true;
    }

    /// <summary>One record.</summary>
    public static byte[] Record(byte suite, SessionAlgorithms algorithms) =>
        [Standard, suite, algorithms.Authentication, (byte)(0x40 | algorithms.Integrity), (byte)(0x80 | algorithms.Confidentiality)];
}
