using System.Globalization;

namespace CimHost.VmKernel.Devices.Emulation.Description;

/// <summary>
/// One value of a JSON file with the place where it stands, so that every complaint can name it. Reading a member of an object marks it as
/// known; <see cref="End"/> then refuses whatever nobody asked for, which finds misspelt names.
/// </summary>
internal sealed class MachineNode(string file, int line, string path, MachineNodeKind kind, string text)
{
    private readonly SortedSet<string> _asked = new(StringComparer.Ordinal);

    public string File => file;

    public int Line => line;

    public string Path => path;

    public MachineNodeKind Kind => kind;

    /// <summary>The text of a string, a number or a boolean as it stands in the file.</summary>
    public string Text => text;

    public List<MachineNode> Items { get; } = [];

    public Dictionary<string, MachineNode> Members { get; } = new(StringComparer.Ordinal);

    /// <summary>A complaint about this value.</summary>
    public MachineFileException Wrong(string what) => new($"{file}:{line}: {path}: {what}");

    /// <summary>A complaint that names the value found.</summary>
    public MachineFileException Expected(string expected) => Wrong($"{Shown()} found; expected {expected}.");

    public MachineNode? Optional(string name)
    {
        if (kind != MachineNodeKind.Object)
        {
            throw Expected("an object { … }");
        }

        _asked.Add(name);
        return Members.TryGetValue(name, out MachineNode? node) && node.Kind != MachineNodeKind.Null ? node : null;
    }

    public MachineNode Required(string name) => Optional(name) ?? throw Wrong($"\"{name}\" is missing.");

    public bool Has(string name) => Optional(name) is not null;

    /// <summary>Refuses members that were never asked for.</summary>
    public void End()
    {
        foreach (MachineNode member in Members.Where(m => !_asked.Contains(m.Key)).Select(m => m.Value))
        {
            throw member.Wrong($"there is no such property; expected one of {string.Join(", ", _asked)}.");
        }
    }

    /// <summary>The items of a list.</summary>
    public IReadOnlyList<MachineNode> AsList(int most)
    {
        if (kind != MachineNodeKind.List)
        {
            throw Expected("a list [ … ]");
        }

        return Items.Count <= most ? Items : throw Wrong($"{Items.Count} items found; expected at most {most}.");
    }

    public string AsText(int longest = 255)
    {
        if (kind != MachineNodeKind.Text)
        {
            throw Expected("a text in quotes");
        }

        return text.Length <= longest ? text : throw Wrong($"the text has {text.Length} characters; expected at most {longest}.");
    }

    public bool AsBoolean() => kind == MachineNodeKind.Boolean ? text == "true" : throw Expected("true or false");

    /// <summary>A whole number, written as such or as hexadecimal text ("0x2D").</summary>
    public int AsInteger(int least, int most)
    {
        bool good = kind == MachineNodeKind.Text && text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? int.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int value)
            : int.TryParse(kind == MachineNodeKind.Number ? text : string.Empty, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
        return good && value >= least && value <= most ? value : throw Expected($"a whole number from {least} to {most} (or \"0x…\")");
    }

    public byte AsByte(byte least = 0, byte most = 255) => (byte)AsInteger(least, most);

    public double AsNumber(double least = -1e12, double most = 1e12) =>
        kind == MachineNodeKind.Number && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value >= least && value <= most
            ? value
            : throw Expected($"a number from {least} to {most}");

    /// <summary>Bytes written in hexadecimal, with or without spaces.</summary>
    public byte[] AsBytes(int least, int most)
    {
        string digits = AsText(3 * most).Replace(" ", string.Empty, StringComparison.Ordinal);
        if (digits.Length % 2 != 0 || !digits.All(char.IsAsciiHexDigit) || digits.Length < 2 * least || digits.Length > 2 * most)
        {
            throw Expected(least == most ? $"{least} bytes in hexadecimal" : $"{least} to {most} bytes in hexadecimal");
        }

        return Convert.FromHexString(digits);
    }

    public Guid AsGuid() => Guid.TryParseExact(AsText(), "D", out Guid guid) ? guid : throw Expected("a UUID such as 7d1c34d0-5b2e-4a55-9b0a-0c1f2e3d4c5b");

    public DateTimeOffset AsTime() =>
        DateTimeOffset.TryParse(AsText(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time) && time.Year is >= 1996 and < 2100
            ? time
            : throw Expected("a time from 1996 on, such as 2026-01-15T08:30:00Z");

    /// <summary>One of the names of a table, or its number.</summary>
    public byte AsName(IReadOnlyDictionary<string, byte> names, byte most = 255)
    {
        if (kind == MachineNodeKind.Number || (kind == MachineNodeKind.Text && text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)))
        {
            return AsByte(0, most);
        }

        return names.TryGetValue(AsText(), out byte value) ? value : throw Expected($"a number or one of {string.Join(", ", names.Keys)}");
    }

    private string Shown() => kind switch
    {
        MachineNodeKind.List => "a list",
        MachineNodeKind.Object => "an object",
        MachineNodeKind.Text => $"\"{Shortened(text)}\"",
        _ => Shortened(text),
    };

    private static string Shortened(string value)
    {
        string line = new(value.Select(c => char.IsControl(c) ? ' ' : c).ToArray());
        return line.Length <= 40 ? line : line[..40] + "…";
    }
}
