using System.Text;

namespace CimHost.Providers.Platform.Wire.Kernel;

/// <summary>Lines of a file of the kernel. A line longer than the limit is cut; bytes that are no UTF-8 become replacement characters.</summary>
internal ref struct LineReader(ReadOnlySpan<byte> content)
{
    private const int MaxLine = 8192;

    private ReadOnlySpan<byte> _left = content;

    /// <summary>The line that was read last.</summary>
    public ReadOnlySpan<byte> Line { get; private set; }

    /// <summary>Reads the next line; false at the end.</summary>
    public bool Read()
    {
        if (_left.IsEmpty)
        {
            return false;
        }

        int end = _left.IndexOf((byte)'\n');
        ReadOnlySpan<byte> line = end < 0 ? _left : _left[..end];
        _left = end < 0 ? default : _left[(end + 1)..];
        Line = line[..Math.Min(line.Length, MaxLine)];
        return true;
    }

    /// <summary>Splits the line at its first colon; false without one. Both parts are trimmed.</summary>
    public readonly bool TrySplit(out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        int colon = Line.IndexOf((byte)':');
        name = colon < 0 ? default : Line[..colon].Trim(" \t"u8);
        value = colon < 0 ? default : Line[(colon + 1)..].Trim(" \t\r"u8);
        return colon >= 0;
    }

    /// <summary>Bytes as text without control characters.</summary>
    public static string Text(ReadOnlySpan<byte> bytes)
    {
        string text = Encoding.UTF8.GetString(bytes);
        return text.AsSpan().IndexOfAnyInRange('\0', '\x1F') < 0 ? text : string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
    }
}
