using CimHost.Sdk.Cim;

namespace CimHost.ObjectManager.Query;

/// <summary>
/// What a condition is evaluated for: an instance, or one of each class of a join, and the variables of the SATISFIES clauses around the
/// condition.
/// </summary>
internal sealed class QueryRow
{
    private readonly CimInstance? _instance;
    private readonly IReadOnlyList<CimInstance?>? _joined;
    private readonly QueryRow? _outer;
    private readonly string? _variable;
    private readonly CimValue _value;

    /// <summary>An instance of the one class selected from.</summary>
    public QueryRow(CimInstance instance) => _instance = instance;

    /// <summary>The instances of a join in the order of FROM, as the list holds them whenever the row is looked at; null: there is none.</summary>
    public QueryRow(IReadOnlyList<CimInstance?> joined) => _joined = joined;

    private QueryRow(QueryRow outer, string variable, CimValue value)
    {
        _instance = outer._instance;
        _joined = outer._joined;
        _outer = outer;
        _variable = variable;
        _value = value;
    }

    /// <summary>The instance of a class of FROM.</summary>
    public CimInstance? InstanceOf(int source) => _joined is null ? _instance : _joined[source];

    /// <summary>The same instances with one more variable.</summary>
    public QueryRow With(string variable, CimValue value) => new(this, variable, value);

    /// <summary>Value of a variable; NULL when there is none of that name.</summary>
    public CimValue this[string variable]
    {
        get
        {
            QueryRow? row = this;
            while (row?._variable is { } name)
            {
                if (string.Equals(name, variable, StringComparison.OrdinalIgnoreCase))
                {
                    return row._value;
                }

                row = row._outer;
            }

            return default;
        }
    }
}
