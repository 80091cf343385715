using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace CimHost.Sdk.Cim;

/// <summary>A read-only list of named elements in declaration order, with look-up by name in any case.</summary>
/// <typeparam name="T">Kind of element.</typeparam>
public sealed class CimNamedList<T> : IReadOnlyList<T>
    where T : class, ICimNamed
{
    // Below this a scan beats a hash; most lists (qualifiers, parameters) are short.
    private const int ScanLimit = 6;

    private readonly T[] _items;
    private readonly Dictionary<string, int>? _index;

    /// <summary>Creates a list.</summary>
    /// <exception cref="ArgumentException">Two elements have the same name.</exception>
    public CimNamedList(IEnumerable<T> items)
    {
        _items = items as T[] ?? items.ToArray();
        if (_items.Length > ScanLimit)
        {
            _index = BuildIndex();
        }
        else
        {
            CheckUnique();
        }
    }

    /// <summary>The empty list.</summary>
    public static CimNamedList<T> Empty { get; } = new([]);

    /// <inheritdoc/>
    public int Count => _items.Length;

    /// <inheritdoc/>
    public T this[int index] => _items[index];

    /// <summary>The element of that name in any case, or null.</summary>
    public T? this[string name]
    {
        get
        {
            int index = IndexOf(name);
            return index < 0 ? null : _items[index];
        }
    }

    /// <summary>The elements as a span.</summary>
    public ReadOnlySpan<T> AsSpan() => _items;

    /// <summary>True when there is an element of that name.</summary>
    public bool Contains(string name) => IndexOf(name) >= 0;

    /// <summary>Finds the element of that name.</summary>
    public bool TryGetValue(string name, [NotNullWhen(true)] out T? item) => (item = this[name]) is not null;

    /// <summary>Position of the element of that name, or -1.</summary>
    public int IndexOf(string name)
    {
        if (_index is { } index)
        {
            return index.TryGetValue(name, out int position) ? position : -1;
        }

        for (int i = 0; i < _items.Length; i++)
        {
            if (string.Equals(_items[i].Name, name, StringComparison.OrdinalIgnoreCase))
            {
                return i;
            }
        }

        return -1;
    }

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)_items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _items.GetEnumerator();

    private Dictionary<string, int> BuildIndex()
    {
        var index = new Dictionary<string, int>(_items.Length, StringComparer.OrdinalIgnoreCase);
        for (int i = 0; i < _items.Length; i++)
        {
            if (!index.TryAdd(_items[i].Name, i))
            {
                throw new ArgumentException($"There are two elements named '{_items[i].Name}'.");
            }
        }

        return index;
    }

    private void CheckUnique()
    {
        for (int i = 1; i < _items.Length; i++)
        {
            if (IndexOf(_items[i].Name) < i)
            {
                throw new ArgumentException($"There are two elements named '{_items[i].Name}'.");
            }
        }
    }
}
