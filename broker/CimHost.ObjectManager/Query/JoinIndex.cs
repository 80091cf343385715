using CimHost.Sdk.Cim;

namespace CimHost.ObjectManager.Query;

/// <summary>
/// Finds the instances whose value may equal a given one. Numbers, text and references are looked up; what else queries compare as equal
/// (text with numbers, booleans, datetimes, arrays) is rare in joins and told apart by the condition itself: such instances are given too.
/// </summary>
internal sealed class JoinIndex
{
    private readonly Dictionary<Key, List<CimInstance>> _instances = [];
    private readonly List<CimInstance>[] _byKind = [[], [], [], []];

    private enum Kind
    {
        Number,
        Text,
        Reference,
        Other,
    }

    /// <summary>Puts an instance in. NULL equals nothing.</summary>
    public void Add(CimValue value, CimInstance instance)
    {
        if (value.IsNull)
        {
            return;
        }

        Key key = KeyOf(value);
        _byKind[(int)key.Kind].Add(instance);
        if (key.Kind != Kind.Other)
        {
            (_instances.TryGetValue(key, out List<CimInstance>? same) ? same : _instances[key] = []).Add(instance);
        }
    }

    /// <summary>The instances whose value may equal this one: those whose value does, and perhaps others.</summary>
    public IEnumerable<CimInstance> MayEqual(CimValue value)
    {
        if (value.IsNull)
        {
            return [];
        }

        Key key = KeyOf(value);
        if (key.Kind == Kind.Other)
        {
            return _byKind.SelectMany(all => all);
        }

        IEnumerable<CimInstance> found = _byKind[(int)Kind.Other].Concat(Find(key));
        return key.Kind switch
        {
            Kind.Number => found.Concat(_byKind[(int)Kind.Text]),
            Kind.Reference => found.Concat(_byKind[(int)Kind.Text]),
            _ => found.Concat(_byKind[(int)Kind.Number]).Concat(
                _byKind[(int)Kind.Reference].Count > 0 && CimObjectPath.TryParse(value.AsString()!, out CimObjectPath? path) ? Find(KeyOf(path)) : []),
        };
    }

    private List<CimInstance> Find(Key key) => _instances.GetValueOrDefault(key) ?? [];

    private static Key KeyOf(CimValue value) =>
        value.TryGetDouble(out double number) ? new Key(Kind.Number, number, string.Empty)
        : value.AsString() is { } text ? new Key(Kind.Text, 0, text)
        : value.AsReference() is { } path ? new Key(Kind.Reference, 0, path.ClassName.ToLowerInvariant() + "." + path.KeyString)
        : new Key(Kind.Other, 0, string.Empty);

    private readonly record struct Key(Kind Kind, double Number, string Text);
}
