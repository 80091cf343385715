using System.Text;
using CimHost.VmKernel.Devices.Emulation.Description;

namespace CimHost.VmKernel.Devices.Capture.Redaction;

/// <summary>
/// Serial numbers in FRU information (IPMI FRU Information Storage Definition 1.3). Sums over areas and records stay what they were, right
/// or wrong.
/// </summary>
internal static class FruAreas
{
    private const int HeaderLength = 8;
    private const int MostRecords = 256;
    private const byte EndOfFields = 0xC1;

    // Where the fields of an area begin, and which of them identify: serial number, asset tag.
    private static readonly (int Header, int First, int[] Fields)[] s_areas = [(2, 3, [1]), (3, 6, [2]), (4, 3, [4, 5])];

    public static void Find(ReadOnlySpan<byte> fru, IdentifierSet identifiers)
    {
        foreach ((int from, int length) in Fields(fru))
        {
            identifiers.AddText(TypeLengthField.Decode(fru[from - 1], fru.Slice(from, length)));
        }
    }

    /// <summary>Replaces the identifiers.</summary>
    public static void Replace(Span<byte> fru, IdentifierSet identifiers)
    {
        byte[] before = fru.ToArray();
        foreach ((int from, int length) in Fields(before))
        {
            Encode(fru[from - 1], fru.Slice(from, length), identifiers);
        }

        identifiers.Patterns.Replace(fru);
        foreach ((int start, int length) in Regions(before))
        {
            KeepSum(before.AsSpan(start, length), fru.Slice(start, length), length - 1);
        }

        foreach ((int start, int length) in Records(before))
        {
            // The record's own sum is kept in its header, and the header's behind it (§16.1).
            fru[start + 3] += Difference(before.AsSpan(start + 5, length), fru.Slice(start + 5, length));
            fru[start + 4] += (byte)(before[start + 3] - fru[start + 3]);
        }
    }

    /// <summary>Keeps the sum of a region by its last byte.</summary>
    public static void KeepSum(ReadOnlySpan<byte> before, Span<byte> after, int at) => after[at] += Difference(before, after);

    private static byte Difference(ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        byte difference = 0;
        for (int i = 0; i < before.Length; i++)
        {
            difference += (byte)(before[i] - after[i]);
        }

        return difference;
    }

    private static IEnumerable<(int Start, int Length)> Regions(byte[] fru)
    {
        foreach ((int header, _, _) in s_areas)
        {
            int start = fru.Length >= HeaderLength ? fru[header] * 8 : 0;
            if (start > 0 && start + 2 <= fru.Length && fru[start + 1] * 8 is > 1 and int length && start + length <= fru.Length)
            {
                yield return (start, length);
            }
        }
    }

    private static IEnumerable<(int Start, int Length)> Records(byte[] fru)
    {
        int start = fru.Length >= HeaderLength ? fru[5] * 8 : 0;
        for (int i = 0; i < MostRecords && start > 0 && start + 5 <= fru.Length && start + 5 + fru[start + 2] <= fru.Length; i++)
        {
            yield return (start, fru[start + 2]);
            bool isLast = (fru[start + 1] & 0x80) != 0;
            start = isLast ? 0 : start + 5 + fru[start + 2];
        }
    }

    private static List<(int From, int Length)> Fields(ReadOnlySpan<byte> fru)
    {
        var found = new List<(int, int)>();
        if (fru.Length < HeaderLength)
        {
            return found;
        }

        foreach ((int header, int first, int[] wanted) in s_areas)
        {
            int at = fru[header] * 8;
            if (at == 0)
            {
                continue;
            }

            at += first;
            for (int i = 0; i <= wanted[^1] && at < fru.Length && fru[at] != EndOfFields; i++)
            {
                int length = fru[at] & 0x3F;
                if (at + 1 + length > fru.Length)
                {
                    break;
                }

                if (wanted.Contains(i) && length > 0)
                {
                    found.Add((at + 1, length));
                }

                at += 1 + length;
            }
        }

        return found;
    }

    private static void Encode(byte typeLength, Span<byte> bytes, IdentifierSet identifiers)
    {
        string text = TypeLengthField.Decode(typeLength, bytes);
        string trimmed = text.Trim(' ', '\0', '\t', '\n', '\r');
        string other = identifiers.Text(trimmed);
        if (trimmed.Length == 0 || other == trimmed)
        {
            return;
        }

        string written = text.Replace(trimmed, other, StringComparison.Ordinal);
        switch (typeLength >> 6)
        {
            case 1:
                Convert.FromHexString(string.Concat(written.Select(c => c switch { ' ' => 'A', '-' => 'B', '.' => 'C', _ => c }))).CopyTo(bytes);
                break;
            case 2:
                Pack(written, bytes);
                break;
            default:
                Encoding.Latin1.GetBytes(written, bytes);
                break;
        }
    }

    private static void Pack(string text, Span<byte> bytes)
    {
        bytes.Clear();
        for (int i = 0; i < text.Length; i++)
        {
            int value = (text[i] - ' ' & 0x3F) << (i * 6 % 8);
            bytes[i * 6 / 8] |= (byte)value;
            if (value > 0xFF)
            {
                bytes[(i * 6 / 8) + 1] |= (byte)(value >> 8);
            }
        }
    }
}
