using System.Buffers.Text;
using CimHost.Providers.Platform.Wire.Kernel;

namespace CimHost.Providers.Platform.Wire.Pci;

/// <summary>Counters of PCI Express Advanced Error Reporting as the kernel shows them in aer_dev_correctable, _nonfatal and _fatal.</summary>
/// <param name="Total">All errors.</param>
/// <param name="Kinds">Kinds that were counted at least once: "BadTLP 3".</param>
internal sealed record AerCounters(ulong Total, IReadOnlyList<string> Kinds)
{
    private const int MaxKinds = 64;

    /// <summary>
    /// Reads a file of lines "NAME COUNT"; the kernel adds a line TOTAL_ERR_… with the sum, which is taken where it is there. Null when no line
    /// is one.
    /// </summary>
    public static AerCounters? Read(ReadOnlySpan<byte> content)
    {
        ulong sum = 0;
        ulong? total = null;
        bool any = false;
        var kinds = new List<string>();
        var reader = new LineReader(content);
        while (reader.Read())
        {
            ReadOnlySpan<byte> line = reader.Line.Trim(" \t\r"u8);
            int space = line.LastIndexOf((byte)' ');
            if (space <= 0 || !Utf8Parser.TryParse(line[(space + 1)..], out ulong count, out int used) || used != line.Length - space - 1)
            {
                continue;
            }

            any = true;
            if (line.StartsWith("TOTAL_ERR"u8))
            {
                total = count;
                continue;
            }

            sum = unchecked(sum + count);
            if (count > 0 && kinds.Count < MaxKinds)
            {
                kinds.Add(LineReader.Text(line));
            }
        }

        return any ? new AerCounters(total ?? sum, kinds) : null;
    }
}
