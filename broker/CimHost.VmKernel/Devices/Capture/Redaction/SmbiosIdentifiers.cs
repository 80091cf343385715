using System.Text;

namespace CimHost.VmKernel.Devices.Capture.Redaction;

/// <summary>Serial numbers, asset tags and the UUID in the table of SMBIOS structures (DSP0134 §6.1, §7).</summary>
internal static class SmbiosIdentifiers
{
    // Offsets of string numbers: serial number and asset tag, by the type of the structure.
    private static readonly Dictionary<byte, int[]> s_strings = new()
    {
        [1] = [0x07],
        [2] = [0x07, 0x08],
        [3] = [0x07, 0x08],
        [4] = [0x20, 0x21],
        [17] = [0x18, 0x19],
        [22] = [0x07],
        [39] = [0x08, 0x09],
    };

    public static void Find(ReadOnlySpan<byte> table, IdentifierSet identifiers)
    {
        for (int at = 0; at + 4 <= table.Length;)
        {
            int length = table[at + 1];
            if (length < 4 || at + length > table.Length)
            {
                return;
            }

            ReadOnlySpan<byte> structure = table.Slice(at, length);
            List<string> strings = Strings(table, at + length, out int next);
            foreach (int offset in s_strings.GetValueOrDefault(structure[0]) ?? [])
            {
                if (offset < length && structure[offset] is > 0 and var number && number <= strings.Count)
                {
                    identifiers.AddText(strings[number - 1]);
                }
            }

            if (structure[0] == 1 && length >= 0x18)
            {
                identifiers.AddUuid(new Guid(structure.Slice(0x08, 16)).ToByteArray(bigEndian: true));
            }

            at = next;
        }
    }

    // The texts behind a structure, each ended by a zero, and all by one more.
    private static List<string> Strings(ReadOnlySpan<byte> table, int at, out int next)
    {
        var strings = new List<string>();
        while (at < table.Length && table[at] != 0)
        {
            int length = table[at..].IndexOf((byte)0);
            length = length < 0 ? table.Length - at : length;
            strings.Add(Encoding.UTF8.GetString(table.Slice(at, length)));
            at += length + 1;
        }

        next = at + (strings.Count == 0 ? 2 : 1);
        return strings;
    }
}
