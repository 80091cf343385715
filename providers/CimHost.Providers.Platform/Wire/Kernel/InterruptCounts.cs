using System.Buffers.Text;

namespace CimHost.Providers.Platform.Wire.Kernel;

/// <summary>Counts of one kind of interrupt in /proc/interrupts, by the number of the logical processor.</summary>
internal static class InterruptCounts
{
    private const int MaxProcessors = 8192;

    /// <summary>
    /// Reads the line of that name ("MCE": machine check exceptions, "THR": threshold interrupts, "TRM": thermal events). The first line of
    /// the file names the processors, in the order of the columns. Null when the file has no such line.
    /// </summary>
    public static IReadOnlyDictionary<int, ulong>? Read(ReadOnlySpan<byte> content, ReadOnlySpan<byte> kind)
    {
        var reader = new LineReader(content);
        if (!reader.Read())
        {
            return null;
        }

        List<int> processors = Processors(reader.Line);
        while (reader.Read())
        {
            if (reader.TrySplit(out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value) && name.SequenceEqual(kind))
            {
                return Counts(processors, value);
            }
        }

        return null;
    }

    private static List<int> Processors(ReadOnlySpan<byte> line)
    {
        var processors = new List<int>();
        foreach (Range range in line.Split((byte)' '))
        {
            ReadOnlySpan<byte> word = line[range];
            if (word.StartsWith("CPU"u8) && Utf8Parser.TryParse(word[3..], out int number, out _) && number >= 0 && processors.Count < MaxProcessors)
            {
                processors.Add(number);
            }
        }

        return processors;
    }

    private static Dictionary<int, ulong> Counts(List<int> processors, ReadOnlySpan<byte> line)
    {
        var counts = new Dictionary<int, ulong>();
        int column = 0;
        foreach (Range range in line.Split((byte)' '))
        {
            ReadOnlySpan<byte> word = line[range];
            if (word.IsEmpty)
            {
                continue;
            }

            if (column == processors.Count || !Utf8Parser.TryParse(word, out ulong count, out int used) || used != word.Length)
            {
                break;
            }

            counts[processors[column++]] = count;
        }

        return counts;
    }
}
