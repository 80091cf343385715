using System.Globalization;

namespace CimHost.Providers.Storage.Wire.Ata;

/// <summary>
/// The raw value of an attribute as a number and as text. Vendors pack several numbers into the six bytes; the format of the attribute
/// tells them apart, and the text shows them as smartmontools does.
/// </summary>
internal static class RawValue
{
    /// <summary>The format in use: that of the definition, else the one that the number of the attribute suggests.</summary>
    public static RawFormat FormatOf(byte id, AttributeDefinition? definition) =>
        definition is { Format: not RawFormat.Default } ? definition.Format : id switch
        {
            3 => RawFormat.Raw16OptAvg16,
            5 or 196 => RawFormat.Raw16OptRaw16,
            9 or 240 => RawFormat.Raw24OptRaw8,
            190 or 194 => RawFormat.TempMinMax,
            _ => RawFormat.Raw48,
        };

    /// <summary>The bytes of the attribute put together in the order of its definition.</summary>
    public static ulong Number(in SmartAttribute attribute, AttributeDefinition? definition)
    {
        string order = definition is { ByteOrder.Length: > 0 } ? definition.ByteOrder : FormatOf(attribute.Id, definition) switch
        {
            RawFormat.Raw64 or RawFormat.Hex64 => "543210wv",
            RawFormat.Raw56 or RawFormat.Hex56 or RawFormat.Raw24DivRaw32 or RawFormat.Msec24Hour32 => "r543210",
            _ => "543210",
        };
        ulong value = 0;
        foreach (char place in order)
        {
            byte b = place switch
            {
                >= '0' and <= '5' => (byte)(attribute.Raw >> (8 * (place - '0'))),
                'r' => attribute.Reserved,
                'v' => attribute.Value,
                'w' => attribute.Worst,
                _ => 0,
            };
            value = (value << 8) | b;
        }

        return value;
    }

    /// <summary>The raw value for people.</summary>
    public static string Text(in SmartAttribute attribute, AttributeDefinition? definition)
    {
        ulong v = Number(attribute, definition);
        ushort low = (ushort)v, middle = (ushort)(v >> 16), high = (ushort)(v >> 32);
        return FormatOf(attribute.Id, definition) switch
        {
            RawFormat.Raw8 => string.Join(' ', Enumerable.Range(0, 6).Reverse().Select(i => Byte(v, i))),
            RawFormat.Raw16 => Invariant($"{high} {middle} {low}"),
            RawFormat.Hex48 => "0x" + v.ToString("x12", CultureInfo.InvariantCulture),
            RawFormat.Hex56 => "0x" + v.ToString("x14", CultureInfo.InvariantCulture),
            RawFormat.Hex64 => "0x" + v.ToString("x16", CultureInfo.InvariantCulture),
            RawFormat.Raw16OptRaw16 => middle != 0 || high != 0 ? Invariant($"{low} ({high} {middle})") : Invariant($"{low}"),
            RawFormat.Raw16OptAvg16 => middle != 0 ? Invariant($"{low} (Average {middle})") : Invariant($"{low}"),
            RawFormat.Raw24OptRaw8 => (v >> 24) != 0 ? Invariant($"{v & 0xFFFFFF} ({Byte(v, 5)} {Byte(v, 4)} {Byte(v, 3)})") : Invariant($"{v & 0xFFFFFF}"),
            RawFormat.Raw24DivRaw24 => Invariant($"{(v >> 24) & 0xFFFFFF}/{v & 0xFFFFFF}"),
            RawFormat.Raw24DivRaw32 => Invariant($"{(v >> 32) & 0xFFFFFF}/{v & 0xFFFFFFFF}"),
            RawFormat.Sec2Hour => Invariant($"{v / 3600}h+{v / 60 % 60:00}m+{v % 60:00}s"),
            RawFormat.Min2Hour => MinutesText((uint)v, high),
            RawFormat.HalfMin2Hour => Invariant($"{v / 120}h+{v % 120 / 2:00}m"),
            RawFormat.Msec24Hour32 => MillisecondsText((uint)v, (uint)(v >> 32)),
            RawFormat.TempMinMax => TemperatureText(v),
            RawFormat.Temp10x => Invariant($"{low / 10}.{low % 10}"),
            _ => v.ToString(CultureInfo.InvariantCulture),
        };
    }

    /// <summary>The temperature in an attribute in °C; null when it holds none that can be.</summary>
    public static int? Celsius(in SmartAttribute attribute, AttributeDefinition? definition)
    {
        ulong v = Number(attribute, definition);
        int? celsius = FormatOf(attribute.Id, definition) switch
        {
            RawFormat.TempMinMax => (int)(v & 0xFF),
            RawFormat.Temp10x => (int)((v & 0xFFFF) + 5) / 10,
            _ => null,
        };
        return celsius is > 0 and <= 128 ? celsius : null;
    }

    /// <summary>Hours in an attribute that counts time; null when its format is no time.</summary>
    public static ulong? Hours(in SmartAttribute attribute, AttributeDefinition? definition)
    {
        ulong v = Number(attribute, definition);
        return FormatOf(attribute.Id, definition) switch
        {
            RawFormat.Raw24OptRaw8 => v & 0xFFFFFF,
            RawFormat.Raw16OptRaw16 or RawFormat.Raw16OptAvg16 => v & 0xFFFF,
            RawFormat.Msec24Hour32 or RawFormat.Raw24DivRaw32 => v & 0xFFFFFFFF,
            RawFormat.Raw48 or RawFormat.Raw56 or RawFormat.Raw64 => v,
            RawFormat.Min2Hour => (v & 0xFFFFFFFF) / 60,
            RawFormat.HalfMin2Hour => v / 120,
            RawFormat.Sec2Hour => v / 3600,
            _ => null,
        };
    }

    private static string MinutesText(uint minutes, ushort rest) => rest != 0
        ? Invariant($"{minutes / 60}h+{minutes % 60:00}m ({rest})")
        : Invariant($"{minutes / 60}h+{minutes % 60:00}m");

    private static string MillisecondsText(uint hours, uint milliseconds) =>
        Invariant($"{hours}h+{milliseconds / 60_000:00}m+{milliseconds / 1000 % 60:00}.{milliseconds % 1000:000}s");

    // Vendors put the lowest and highest temperature into different bytes. A place counts when the current temperature lies between the two.
    private static string TemperatureText(ulong v)
    {
        byte[] raw = [.. Enumerable.Range(0, 6).Select(i => Byte(v, i))];
        ushort middle = (ushort)(v >> 16), high = (ushort)(v >> 32);
        int current = (sbyte)raw[0], kind = SignedKind((ushort)v);
        string? range = high == 0
            ? middle == 0 && kind != 0 ? string.Empty
                : (kind != 0 ? Range(current, raw[2], raw[3]) : null) ?? (raw[3] == 0 ? Range(current, raw[1], raw[2]) : null)
            : kind == 0 ? null
            : ((kind & SignedKind(middle) & SignedKind(high)) != 0 ? Range(current, raw[2], raw[4]) : null) ?? Counted(current, raw, high);
        return range switch
        {
            null => Invariant($"{raw[0]} ({raw[5]} {raw[4]} {raw[3]} {raw[2]} {raw[1]})"),
            "" => Invariant($"{current}"),
            _ => Invariant($"{current} ({range})"),
        };
    }

    private static string? Counted(int current, byte[] raw, ushort count) =>
        count < 0x7FFF && Math.Max((sbyte)raw[2], (sbyte)raw[3]) >= 40 && Range(current, raw[2], raw[3]) is { } range ? Invariant($"{range} #{count}") : null;

    private static string? Range(int current, byte first, byte second)
    {
        int low = Math.Min((sbyte)first, (sbyte)second), high = Math.Max((sbyte)first, (sbyte)second);
        bool possible = low >= -60 && low <= current && current <= high && high <= 120 && !(low == -1 && high <= 0);
        return possible ? Invariant($"Min/Max {low}/{high}") : null;
    }

    // A word that can be a temperature: bit 0 as a signed byte, bit 4 as a signed word.
    private static int SignedKind(ushort word) => word switch { <= 0x7F => 0x11, <= 0xFF => 0x01, >= 0xFF80 => 0x10, _ => 0 };

    private static byte Byte(ulong value, int place) => (byte)(value >> (8 * place));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
