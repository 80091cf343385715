using System.Buffers.Binary;
using System.Text;

namespace CimHost.VmKernel.Devices.Capture.Redaction;

/// <summary>Byte sequences and what takes their places; all have at least four bytes, and what is replaced keeps its length.</summary>
internal sealed class PatternSet
{
    private const int Shortest = 4;

    // By the first four bytes, the longest first.
    private readonly Dictionary<uint, List<Pattern>> _patterns = [];

    /// <summary>Adds a sequence; the first of two equal ones stays.</summary>
    public void Add(byte[] from, byte[] to, PatternEdge edge = PatternEdge.Any)
    {
        if (from.Length < Shortest || from.Length != to.Length)
        {
            return;
        }

        uint key = BinaryPrimitives.ReadUInt32LittleEndian(from);
        if (!_patterns.TryGetValue(key, out List<Pattern>? same))
        {
            _patterns[key] = same = [];
        }

        if (!same.Exists(p => p.From.AsSpan().SequenceEqual(from)))
        {
            int at = same.FindIndex(p => p.From.Length < from.Length);
            same.Insert(at < 0 ? same.Count : at, new Pattern(from, to, edge));
        }
    }

    /// <summary>Replaces all that are there; true when there was one.</summary>
    public bool Replace(Span<byte> data)
    {
        bool changed = false;
        for (int at = 0; at + Shortest <= data.Length;)
        {
            Pattern? found = _patterns.TryGetValue(BinaryPrimitives.ReadUInt32LittleEndian(data[at..]), out List<Pattern>? same) ? Find(same, data, at) : null;
            if (found is null)
            {
                at++;
                continue;
            }

            found.To.CopyTo(data[at..]);
            at += found.To.Length;
            changed = true;
        }

        return changed;
    }

    /// <summary>The text with all replaced.</summary>
    public string Replace(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        return Replace(bytes) ? Encoding.UTF8.GetString(bytes) : text;
    }

    private static Pattern? Find(List<Pattern> patterns, ReadOnlySpan<byte> data, int at)
    {
        foreach (Pattern pattern in patterns)
        {
            int end = at + pattern.From.Length;
            if (end <= data.Length && data[at..end].SequenceEqual(pattern.From) && IsFree(data, at - 1, pattern.Edge) && IsFree(data, end, pattern.Edge))
            {
                return pattern;
            }
        }

        return null;
    }

    private static bool IsFree(ReadOnlySpan<byte> data, int at, PatternEdge edge)
    {
        if (edge == PatternEdge.Any || at < 0 || at >= data.Length)
        {
            return true;
        }

        char beside = (char)data[at];
        return edge switch
        {
            PatternEdge.Word => !char.IsAsciiLetterOrDigit(beside),
            PatternEdge.Number => !char.IsAsciiDigit(beside) && beside != '.',
            _ => !char.IsAsciiDigit(beside),
        };
    }

    private sealed record Pattern(byte[] From, byte[] To, PatternEdge Edge);
}
