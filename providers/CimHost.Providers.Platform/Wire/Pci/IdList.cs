using System.Buffers;
using System.Globalization;
using System.Text;

namespace CimHost.Providers.Platform.Wire.Pci;

/// <summary>
/// Finds names in a list of ids (pci.ids, usb.ids) that comes in pieces: only the names that are asked for are kept, whatever the length of
/// the list. Keys: "8086" vendor, "8086:1572" device, "8086:1572:8086:0001" subsystem, "C02" class, "C02:00" subclass, "C02:00:10" interface.
/// </summary>
internal sealed class IdList(IReadOnlySet<string> wanted)
{
    private const int MaxLine = 1024;
    private const int MaxName = 256;

    private static readonly SearchValues<byte> s_hexDigits = SearchValues.Create("0123456789abcdefABCDEF"u8);

    private readonly Dictionary<string, string> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<byte> _line = [];
    private bool _isTooLong;
    private string? _first;
    private string? _second;

    /// <summary>The names found so far.</summary>
    public IReadOnlyDictionary<string, string> Names => _names;

    /// <summary>True when every name that was asked for is found, so that the rest need not be read.</summary>
    public bool IsDone => _names.Count == wanted.Count;

    /// <summary>Takes the next piece.</summary>
    public void Add(ReadOnlySpan<byte> piece)
    {
        while (!piece.IsEmpty)
        {
            int end = piece.IndexOf((byte)'\n');
            ReadOnlySpan<byte> part = end < 0 ? piece : piece[..end];
            if (_line.Count + part.Length > MaxLine)
            {
                _isTooLong = true;
            }
            else
            {
                _line.AddRange(part);
            }

            if (end < 0)
            {
                return;
            }

            End();
            piece = piece[(end + 1)..];
        }
    }

    /// <summary>Ends the list: its last line may have no line feed.</summary>
    public void End()
    {
        if (!_isTooLong)
        {
            Take(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_line));
        }

        _line.Clear();
        _isTooLong = false;
    }

    private void Take(ReadOnlySpan<byte> line)
    {
        if (line.IsEmpty || line[0] == '#')
        {
            return;
        }

        int tabs = line.IndexOfAnyExcept((byte)'\t');
        if (tabs is 0)
        {
            _second = null;
            _first = TopLevel(ref line);
            Keep(_first, line);
        }
        else if (tabs is 1 && _first is not null)
        {
            line = line[1..];
            _second = TakeId(ref line, _first[0] == 'C' && _first.Length == 3 ? 2 : 4) is { } id ? $"{_first}:{id}" : null;
            Keep(_second, line);
        }
        else if (tabs is 2 && _second is not null)
        {
            line = line[2..];
            bool isClass = _first![0] == 'C' && _first.Length == 3;
            string? third = TakeId(ref line, isClass ? 2 : 4);
            if (third is not null && !isClass)
            {
                line = line.TrimStart((byte)' ');
                third = TakeId(ref line, 4) is { } device ? $"{third}:{device}" : null;
            }

            Keep(third is null ? null : $"{_second}:{third}", line);
        }
    }

    // A vendor has four digits; classes begin with "C " and two digits. Other lists in usb.ids begin with words and are passed over.
    private static string? TopLevel(ref ReadOnlySpan<byte> line)
    {
        if (!line.StartsWith("C "u8))
        {
            return TakeId(ref line, 4);
        }

        line = line[2..];
        return TakeId(ref line, 2) is { } id ? "C" + id : null;
    }

    private static string? TakeId(ref ReadOnlySpan<byte> line, int digits)
    {
        if (line.Length < digits || line[..digits].IndexOfAnyExcept(s_hexDigits) >= 0 || (line.Length > digits && line[digits] != ' '))
        {
            return null;
        }

        string id = Encoding.ASCII.GetString(line[..digits]).ToLower(CultureInfo.InvariantCulture);
        line = line[digits..];
        return id;
    }

    private void Keep(string? key, ReadOnlySpan<byte> name)
    {
        name = name.Trim(" \r"u8);
        if (key is not null && !name.IsEmpty && wanted.Contains(key))
        {
            _names.TryAdd(key, Kernel.LineReader.Text(name[..Math.Min(name.Length, MaxName)]));
        }
    }
}
