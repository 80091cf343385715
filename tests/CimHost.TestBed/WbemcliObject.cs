using System.Globalization;

namespace CimHost.TestBed;

/// <summary>An instance or a class as wbemcli printed it. A property without a value is present and null.</summary>
public sealed class WbemcliObject(string path)
{
    private readonly Dictionary<string, string?> _properties = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>host:port/namespace:Class.key="value",…</summary>
    public string Path => path;

    /// <summary>Properties in no order.</summary>
    public IReadOnlyDictionary<string, string?> Properties => _properties;

    /// <summary>A value as printed, without the quotes of a text; null when there is none.</summary>
    /// <exception cref="KeyNotFoundException">There is no such property.</exception>
    public string? this[string name] => _properties.TryGetValue(name, out string? value)
        ? value
        : throw new KeyNotFoundException($"{path} has no property {name}; it has {string.Join(", ", _properties.Keys)}.");

    /// <summary>A number.</summary>
    public decimal Number(string name) => decimal.Parse(
        this[name] ?? throw new InvalidOperationException($"{name} of {path} is NULL."), NumberStyles.Float, CultureInfo.InvariantCulture);

    /// <summary>A number or null.</summary>
    public decimal? NumberOrNull(string name) => this[name] is null ? null : Number(name);

    /// <inheritdoc/>
    public override string ToString() => path + "\n" + string.Join('\n', _properties.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"  {p.Key} = {p.Value ?? "NULL"}"));

    internal void Add(string name, string printed)
    {
        // With -t a name ends in a mark of its kind: [] array, & reference, # key.
        _properties[name.TrimEnd('#', '&', '[', ']')] = Value(printed.TrimEnd('\r'));
    }

    // A single text stands in quotes, with \" for a quote in it; the texts of an array stand in quotes too and stay as printed.
    private static string? Value(string printed)
    {
        if (printed.Length == 0)
        {
            return null;
        }

        return printed is ['"', .. string text, '"'] && !text.Replace("\\\"", string.Empty, StringComparison.Ordinal).Contains('"', StringComparison.Ordinal)
            ? text.Replace("\\\"", "\"", StringComparison.Ordinal)
            : printed;
    }
}
