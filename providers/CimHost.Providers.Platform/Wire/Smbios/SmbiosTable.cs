using System.Text;

namespace CimHost.Providers.Platform.Wire.Smbios;

/// <summary>
/// The structures of an SMBIOS table (DSP0134 §6). Reading never fails as a whole: it takes the structures up to the first that breaks the
/// table's form, and says what was wrong there.
/// </summary>
internal sealed class SmbiosTable
{
    /// <summary>Longest table that is read; firmware has at most a few hundred kilobytes.</summary>
    public const int MaxLength = 1024 * 1024;

    private const int MaxStructures = 4096;
    private const int MaxStringLength = 1024;
    private const byte EndOfTable = 127;

    private SmbiosTable(SmbiosEntryPoint entryPoint, IReadOnlyList<SmbiosStructure> structures, string? problem)
    {
        EntryPoint = entryPoint;
        Structures = structures;
        Problem = problem;
    }

    /// <summary>The entry point from which the table was read.</summary>
    public SmbiosEntryPoint EntryPoint { get; }

    /// <summary>The structures in their order, without the end-of-table structure.</summary>
    public IReadOnlyList<SmbiosStructure> Structures { get; }

    /// <summary>What is wrong with the table, as a sentence; null when it could be read to its end.</summary>
    public string? Problem { get; }

    /// <summary>Reads as much of the table as follows the form.</summary>
    public static SmbiosTable Read(SmbiosEntryPoint entryPoint, ReadOnlySpan<byte> table)
    {
        var structures = new List<SmbiosStructure>();
        string? problem = null;
        ReadOnlySpan<byte> left = table[..(int)Math.Min((uint)Math.Min(table.Length, MaxLength), entryPoint.TableLength)];
        while (!left.IsEmpty && problem is null && structures.Count != entryPoint.StructureCount)
        {
            if (structures.Count == MaxStructures)
            {
                problem = $"it has more than {MaxStructures} structures";
            }
            else if ((problem = TryTake(ref left, structures.Count, out SmbiosStructure? structure)) is null && structure is not null)
            {
                if (structure.Type == EndOfTable)
                {
                    return new SmbiosTable(entryPoint, structures, null);
                }

                structures.Add(structure);
            }
        }

        problem ??= entryPoint.StructureCount is { } count && structures.Count < count ? $"it ends after {structures.Count} of {count} structures" : null;
        return new SmbiosTable(entryPoint, structures, problem);
    }

    private static string? TryTake(ref ReadOnlySpan<byte> left, int index, out SmbiosStructure? structure)
    {
        structure = null;
        if (left.Length < SmbiosStructure.HeaderLength)
        {
            return $"structure {index + 1} has {left.Length} bytes left for its header";
        }

        int length = left[1];
        if (length < SmbiosStructure.HeaderLength || length > left.Length)
        {
            return $"structure {index + 1} (type {left[0]}) gives its length as {length}, and {left.Length} bytes are left";
        }

        ReadOnlySpan<byte> text = left[length..];
        int end = text.IndexOf("\0\0"u8);

        // The end-of-table structure is often the last bytes there are, without its own end.
        if (end < 0 && left[0] != EndOfTable)
        {
            return $"the strings of structure {index + 1} (type {left[0]}) have no end";
        }

        structure = new SmbiosStructure(left[..length].ToArray(), end <= 0 ? [] : ReadStrings(text[..end]));
        left = end < 0 ? default : text[(end + 2)..];
        return null;
    }

    private static List<string> ReadStrings(ReadOnlySpan<byte> text)
    {
        var strings = new List<string>();
        foreach (Range range in text.Split((byte)0))
        {
            // A string number is one byte, so that no field can refer to more.
            if (strings.Count == byte.MaxValue)
            {
                break;
            }

            ReadOnlySpan<byte> bytes = text[range];
            strings.Add(Printable(bytes[..Math.Min(bytes.Length, MaxStringLength)]));
        }

        return strings;
    }

    // Strings are ASCII by the specification; what is not becomes a full stop, as dmidecode shows it. Spaces around are padding.
    private static string Printable(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        foreach (byte b in bytes)
        {
            text.Append(b is >= 0x20 and < 0x7F ? (char)b : '.');
        }

        return text.ToString().Trim(' ');
    }
}
