using CimHost.Sdk.Cim;

namespace CimHost.ObjectManager.Query;

/// <summary>What a condition is evaluated for: an instance, and the variables of the SATISFIES clauses around the condition.</summary>
internal sealed class QueryRow
{
    private readonly QueryRow? _outer;
    private readonly string? _variable;
    private readonly CimValue _value;

    /// <summary>An instance.</summary>
    public QueryRow(CimInstance instance) => Instance = instance;

    private QueryRow(QueryRow outer, string variable, CimValue value)
        : this(outer.Instance)
    {
        _outer = outer;
        _variable = variable;
        _value = value;
    }

    /// <summary>The instance.</summary>
    public CimInstance Instance { get; }

    /// <summary>The same instance with one more variable.</summary>
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
