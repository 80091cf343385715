using CimHost.Providers.Ipmi.Wire.Sdr;

namespace CimHost.Providers.Ipmi.Wire.Fru;

/// <summary>Reads the type/length fields of an information area one after the other (FRU definition §13).</summary>
internal ref struct FruFieldReader(ReadOnlySpan<byte> fields, byte language)
{
    private const byte EndOfFields = 0xC1;
    private const int MaxCustomFields = 64;

    private ReadOnlySpan<byte> _rest = fields;
    private bool _ended;

    /// <summary>True when a field said that it is longer than the area.</summary>
    public bool Overrun { get; private set; }

    /// <summary>The next field as text; null when it is empty or the fields have ended.</summary>
    public string? Next() => TryTake(out string? text) && text is { Length: > 0 } ? text : null;

    /// <summary>The fields that are left.</summary>
    public List<string> Rest()
    {
        var custom = new List<string>();
        while (custom.Count < MaxCustomFields && TryTake(out string? text))
        {
            if (text is { Length: > 0 })
            {
                custom.Add(text);
            }
        }

        return custom;
    }

    private bool TryTake(out string? text)
    {
        text = null;
        if (_ended || _rest.IsEmpty || _rest[0] == EndOfFields)
        {
            _ended = true;
            return false;
        }

        int length = _rest[0] & 0x3F, type = _rest[0] >> 6;
        if (_rest.Length < 1 + length)
        {
            _ended = true;
            Overrun = true;
            return false;
        }

        text = Decode(type, _rest.Slice(1, length), language).Trim();
        _rest = _rest[(1 + length)..];
        return true;
    }

    private static string Decode(int type, ReadOnlySpan<byte> content, byte language) => type switch
    {
        0 => Convert.ToHexString(content),
        1 => TextField.ReadBcdPlus(content),
        2 => TextField.Read6Bit(content),
        _ => FruLanguage.IsLatin(language) ? TextField.ReadLatin1(content) : TextField.ReadUnicode(content),
    };
}
