using CimHost.Sdk.Cim;

namespace CimHost.ObjectManager.Query;

/// <summary>Elements of an array by their indexes, as they stand in brackets: one (<c>[2]</c>), some (<c>[0, 2..4]</c>) or all (<c>[*]</c>).</summary>
internal sealed class QueryElements
{
    private readonly IReadOnlyList<(int From, int To)> _ranges;

    /// <summary>Creates it.</summary>
    /// <param name="ranges">First and last index of each part; none: all elements.</param>
    /// <param name="isOne">True for a single index: the value is the element and no array.</param>
    public QueryElements(IReadOnlyList<(int From, int To)> ranges, bool isOne)
    {
        _ranges = ranges;
        IsOne = isOne;
    }

    /// <summary>True when the value is an element and no array.</summary>
    public bool IsOne { get; }

    /// <summary>The elements of a value; NULL when it is no array or has no such element.</summary>
    public CimValue Of(CimValue value)
    {
        if (!value.IsArray)
        {
            return default;
        }

        if (IsOne)
        {
            return _ranges[0].From < value.Count ? value[_ranges[0].From] : default;
        }

        if (_ranges.Count == 0)
        {
            return value;
        }

        var chosen = new List<CimValue>();
        foreach ((int from, int to) in _ranges)
        {
            for (int i = from; i <= to && i < value.Count; i++)
            {
                chosen.Add(value[i]);
            }
        }

        return CimValue.FromElements(value.Type.ElementType(), [.. chosen]);
    }
}
