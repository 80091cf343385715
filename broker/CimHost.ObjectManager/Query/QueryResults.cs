using System.Runtime.CompilerServices;
using CimHost.ObjectManager.Query.Parsing;
using CimHost.Sdk.Cim;

namespace CimHost.ObjectManager.Query;

/// <summary>
/// Makes the results of a query from the rows that meet its condition: instances cut down to the properties selected, which keep their
/// paths; or, for a join, DISTINCT and what has columns of its own (<c>AS</c>), instances of a class without keys made for the query.
/// Sorts, drops repetitions and counts (DSP0202, result set operations).
/// </summary>
internal sealed class QueryResults
{
    /// <summary>Name of the class of results that are no instances of a class of the schema.</summary>
    public const string ClassName = "CimHost_QueryResult";

    // What is sorted or compared has to be kept.
    private const int MaxKept = 100_000;

    private readonly SelectQuery _query;
    private readonly QueryColumn[]? _columns;
    private readonly string[]? _propertyList;
    private CimClass? _lastClass;
    private CimClass? _lastShape;

    /// <summary>Prepares the results of a query whose names are checked.</summary>
    /// <exception cref="CimException">CIM_ERR_INVALID_QUERY with the position: two columns have one name, or the type of one cannot be known.</exception>
    public QueryResults(SelectQuery query, QueryBinding binding)
    {
        _query = query;
        if (query.Sources.Count > 1 || query.IsDistinct || (query.Dialect == QueryDialect.Cql && query.Selected?.Any(NeedsColumn) == true))
        {
            _columns = Columns(query, binding);
            Class = new CimClass(ClassName, null, _columns.Select(c => c.Declaration), isResolved: true);
            return;
        }

        _propertyList = query.Selected?.Select(s => ((QueryProperty)s.Operand).Name).Distinct(StringComparer.OrdinalIgnoreCase).ToArray();
        Class = Shape(binding.Classes[0]);
    }

    /// <summary>The class of the results; where they keep their paths, as far as it is known from FROM.</summary>
    public CimClass Class { get; }

    /// <summary>The results of rows. An error of the rows comes after the results of those before it.</summary>
    public IAsyncEnumerable<CimInstance> ReadAsync(IAsyncEnumerable<QueryRow> rows, CancellationToken cancellationToken) =>
        _query.Order.Count > 0 ? SortedAsync(rows, cancellationToken) : StreamAsync(rows, cancellationToken);

    // In WQL the property that holds what is selected comes whole.
    private static bool NeedsColumn(QuerySelected selected) => selected.Target is not null
        || selected.Operand is QueryProperty { Steps: not [{ Elements: null }] };

    private static QueryColumn[] Columns(SelectQuery query, QueryBinding binding)
    {
        QueryColumn[] columns = [.. query.Selected is { } selected
            ? selected.SelectMany(s => QueryColumn.Of(s, binding))
            : binding.Classes.SelectMany((c, i) => QueryColumn.OfClass(c, i, query.Sources[i].ClassName))];
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        return Array.Find(columns, c => !names.Add(c.Declaration.Name)) is { } twice
            ? throw twice.Position.Invalid($"two columns of the result are named {twice.Declaration.Name}; give one of them another name with AS.")
            : columns;
    }

    private async IAsyncEnumerable<CimInstance> StreamAsync(IAsyncEnumerable<QueryRow> rows, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        HashSet<CimInstance>? seen = _query.IsDistinct ? new(ValuesComparer.Instance) : null;
        int count = 0;
        await foreach (QueryRow row in rows.WithCancellation(cancellationToken))
        {
            CimInstance result = Make(row);
            if (seen?.Add(result) == false)
            {
                continue;
            }

            RequireRoom(seen?.Count ?? 0);
            yield return result;
            if (++count == _query.First)
            {
                break;
            }
        }
    }

    private async IAsyncEnumerable<CimInstance> SortedAsync(IAsyncEnumerable<QueryRow> rows, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        HashSet<CimInstance>? seen = _query.IsDistinct ? new(ValuesComparer.Instance) : null;
        List<(CimValue[] Keys, CimInstance Result)> kept = [];
        CimException? error = null;
        try
        {
            await foreach (QueryRow row in rows.WithCancellation(cancellationToken))
            {
                CimInstance result = Make(row);
                if (seen?.Add(result) != false)
                {
                    RequireRoom(kept.Count);
                    kept.Add(([.. _query.Order.Select(k => k.Operand.Evaluate(row))], result));
                }
            }
        }
        catch (CimException e) when (e.Status != CimStatusCode.ServerLimitsExceeded)
        {
            error = e;
        }

        foreach ((_, CimInstance result) in kept.Order(Comparer<(CimValue[] Keys, CimInstance Result)>.Create((a, b) => Compare(a.Keys, b.Keys))).Take(_query.First ?? int.MaxValue))
        {
            yield return result;
        }

        if (error is not null)
        {
            throw new CimException(error.Status, error.Message, error);
        }
    }

    private int Compare(CimValue[] left, CimValue[] right)
    {
        for (int i = 0; i < left.Length; i++)
        {
            int order = QueryComparer.Order(left[i], right[i]);
            if (order != 0)
            {
                return _query.Order[i].IsDescending ? -order : order;
            }
        }

        return 0;
    }

    private static void RequireRoom(int kept)
    {
        if (kept >= MaxKept)
        {
            throw new CimException(CimStatusCode.ServerLimitsExceeded, $"The query has more than {MaxKept} results to sort or to compare with each other; narrow it with WHERE.");
        }
    }

    private CimInstance Make(QueryRow row)
    {
        if (_columns is null)
        {
            CimInstance instance = row.InstanceOf(0)!;
            return instance.Project(Shape(instance.CimClass));
        }

        var result = new CimInstance(Class);
        for (int i = 0; i < _columns.Length; i++)
        {
            result[i] = _columns[i].Of(row);
        }

        return result;
    }

    // The properties selected, in the order of the query: what people who name columns expect to see. The shape of each class is made once.
    private CimClass Shape(CimClass cimClass)
    {
        if (_propertyList is null)
        {
            return cimClass;
        }

        if (!ReferenceEquals(_lastClass, cimClass))
        {
            _lastClass = cimClass;
            _lastShape = cimClass.WithProperties(_propertyList.Select(cimClass.IndexOf).Where(i => i >= 0).Select(i => cimClass.CimClassProperties[i]));
        }

        return _lastShape!;
    }

    /// <summary>Instances of one class are equal when their values are.</summary>
    private sealed class ValuesComparer : IEqualityComparer<CimInstance>
    {
        public static ValuesComparer Instance { get; } = new();

        public bool Equals(CimInstance? one, CimInstance? other) => one!.Values.SequenceEqual(other!.Values);

        public int GetHashCode(CimInstance instance)
        {
            var hash = new HashCode();
            foreach (CimValue value in instance.Values)
            {
                hash.Add(value);
            }

            return hash.ToHashCode();
        }
    }
}
