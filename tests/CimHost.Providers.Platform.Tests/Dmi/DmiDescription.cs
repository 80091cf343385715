using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace CimHost.Providers.Platform.Tests.Dmi;

/// <summary>
/// Makes SMBIOS tables of a description that a person can read and edit (see tests/fixtures/dmi/README.md): the bytes that firmware would
/// give, entry point and table.
/// </summary>
internal sealed class DmiDescription
{
    private readonly List<byte> _table = [];
    private readonly string _file;
    private DmiStructureBuilder? _current;
    private int _structures;
    private int _line;
    private (byte Major, byte Minor, bool Is64) _version = (3, 4, true);
    private int? _truncate;

    private DmiDescription(string file) => _file = file;

    /// <summary>The table as /sys/firmware/dmi/tables/DMI gives it.</summary>
    public byte[] Table => [.. _truncate is { } length ? _table.Take(length) : _table];

    /// <summary>Reads a description.</summary>
    /// <exception cref="InvalidDataException">A line is wrong; the message names it.</exception>
    public static DmiDescription Parse(string file)
    {
        var description = new DmiDescription(file);
        foreach (string line in File.ReadLines(file))
        {
            description._line++;
            try
            {
                description.Read(line.Trim());
            }
            catch (Exception e) when (e is FormatException or KeyNotFoundException or OverflowException or IndexOutOfRangeException)
            {
                throw new InvalidDataException($"{file}:{description._line}: {line.Trim()}: {e.Message}", e);
            }
        }

        description.Finish();
        return description;
    }

    /// <summary>The entry point as /sys/firmware/dmi/tables/smbios_entry_point gives it, for a table at that physical address.</summary>
    public byte[] EntryPoint(uint address = 0x7A2B_C000) => _version.Is64 ? EntryPoint64(address) : EntryPoint32(address);

    /// <summary>A file that "dmidecode --from-dump" reads: the entry point, and the table at 20h.</summary>
    public byte[] Dump() => [.. EntryPoint(0x20).Concat(new byte[0x20]).Take(0x20), .. Table];

    private void Read(string line)
    {
        if (line.Length == 0 || line[0] == '#')
        {
            return;
        }

        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        switch (words[0])
        {
            case "smbios":
                string[] version = words[1].Split('.');
                _version = (byte.Parse(version[0], CultureInfo.InvariantCulture), byte.Parse(version[1], CultureInfo.InvariantCulture), words.ElementAtOrDefault(2) != "32-bit");
                return;
            case "truncate":
                _truncate = int.Parse(words[1], CultureInfo.InvariantCulture);
                return;
            case "structure":
                Finish();
                int lengthAt = Array.IndexOf(words, "length");
                string name = string.Join(' ', lengthAt < 0 ? words[2..] : words[2..lengthAt]);
                _current = new DmiStructureBuilder(DmiLayout.Of(name), (ushort)Number(words[1]), lengthAt < 0 ? null : (byte)Number(words[lengthAt + 1]));
                return;
            default:
                int equals = line.IndexOf('=', StringComparison.Ordinal);
                DmiStructureBuilder structure = _current ?? throw new FormatException("no structure before it");
                structure.Set(line[..equals].Trim(), line[(equals + 1)..].Trim());
                return;
        }
    }

    private void Finish()
    {
        if (_current is not null)
        {
            _table.AddRange(_current.Build());
            _structures++;
            _current = null;
        }
    }

    internal static ulong Number(string text) => text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
        ? ulong.Parse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
        : ulong.Parse(text, CultureInfo.InvariantCulture);

    private byte[] EntryPoint64(ulong address)
    {
        byte[] bytes = new byte[0x18];
        "_SM3_"u8.CopyTo(bytes);
        bytes[0x06] = 0x18;
        (bytes[0x07], bytes[0x08], bytes[0x0A]) = (_version.Major, _version.Minor, 1);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(0x0C), (uint)_table.Count);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(0x10), address);
        bytes[0x05] = Checksum(bytes);
        return bytes;
    }

    private byte[] EntryPoint32(uint address)
    {
        byte[] bytes = new byte[0x1F];
        "_SM_"u8.CopyTo(bytes);
        bytes[0x05] = 0x1F;
        (bytes[0x06], bytes[0x07]) = (_version.Major, _version.Minor);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(0x08), 256);
        "_DMI_"u8.CopyTo(bytes.AsSpan(0x10));
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(0x16), (ushort)_table.Count);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(0x18), address);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(0x1C), (ushort)_structures);
        bytes[0x1E] = (byte)(_version.Major << 4 | _version.Minor);
        bytes[0x15] = Checksum(bytes.AsSpan(0x10));
        bytes[0x04] = Checksum(bytes);
        return bytes;
    }

    private static byte Checksum(ReadOnlySpan<byte> bytes)
    {
        byte sum = 0;
        foreach (byte b in bytes)
        {
            sum += b;
        }

        return (byte)-sum;
    }
}

/// <summary>One structure in the making.</summary>
internal sealed class DmiStructureBuilder(DmiStructureLayout layout, ushort handle, byte? length)
{
    private readonly List<byte> _formatted = [layout.Type, 0, (byte)handle, (byte)(handle >> 8)];
    private readonly List<string> _strings = [];

    /// <summary>Sets a field: a text in quotation marks, a number, or bytes in hexadecimal.</summary>
    public void Set(string name, string value)
    {
        if (name == "string")
        {
            _strings.Add(value.Trim('"'));
            return;
        }

        DmiField field = name.StartsWith('@')
            ? new DmiField(Convert.ToInt32(name[1..^2], 16), name[^1])
            : layout.Fields[name];
        byte[] bytes = field.Kind switch
        {
            's' when value.StartsWith('"') => [AddString(value[1..^1])],
            'x' => Convert.FromHexString(value.Replace(" ", string.Empty, StringComparison.Ordinal)),
            _ => BitConverter.GetBytes(DmiDescription.Number(value))[..field.Length],
        };
        while (_formatted.Count < field.Offset + bytes.Length)
        {
            _formatted.Add(0);
        }

        for (int i = 0; i < bytes.Length; i++)
        {
            _formatted[field.Offset + i] = bytes[i];
        }
    }

    /// <summary>The bytes of the structure with its strings.</summary>
    public byte[] Build()
    {
        while (_formatted.Count < length)
        {
            _formatted.Add(0);
        }

        byte[] formatted = [.. _formatted.Take(length ?? _formatted.Count)];
        formatted[1] = formatted[1] == 0 ? (byte)formatted.Length : formatted[1];
        byte[] text = [.. _strings.SelectMany(s => Encoding.Latin1.GetBytes(s).Append((byte)0)), 0];
        return [.. formatted, .. text, .. _strings.Count == 0 ? new byte[1] : []];
    }

    private byte AddString(string text)
    {
        if (text.Length == 0)
        {
            return 0;
        }

        _strings.Add(text);
        return (byte)_strings.Count;
    }
}
