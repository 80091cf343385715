using CimHost.ObjectManager.Query.Parsing;
using CimHost.Sdk.Cim;

namespace CimHost.ObjectManager.Query;

/// <summary>Something that has a value: a literal, a property of the instance at hand, or what is computed from them.</summary>
internal abstract class QueryOperand
{
    /// <summary>The entries of FROM that the value comes from, one bit each; known after <see cref="Bind"/>.</summary>
    public virtual int Sources => 0;

    /// <summary>The value for an instance.</summary>
    public abstract CimValue Evaluate(QueryRow row);

    /// <summary>Checks the names against the classes.</summary>
    /// <exception cref="CimException">CIM_ERR_INVALID_QUERY with the position.</exception>
    public virtual void Bind(QueryBinding binding)
    {
    }

    /// <summary>Type of the values, after <see cref="Bind"/>; Unknown for NULL.</summary>
    /// <exception cref="CimException">CIM_ERR_INVALID_QUERY with the position: the classes do not tell.</exception>
    public abstract CimType TypeIn(QueryBinding binding);
}

/// <summary>A literal.</summary>
internal sealed class QueryLiteral(CimValue value) : QueryOperand
{
    public override CimValue Evaluate(QueryRow row) => value;

    public override CimType TypeIn(QueryBinding binding) => value.Type;
}

/// <summary>A variable of a SATISFIES clause.</summary>
internal sealed class QueryVariable(string name) : QueryOperand
{
    public override CimValue Evaluate(QueryRow row) => row[name];

    public override CimType TypeIn(QueryBinding binding) => CimType.Unknown;
}

/// <summary>
/// A value by its name (DSP0202 symbolic constant): <c>#'Critical'</c> stands for the number that the Values qualifier of the property on
/// the other side of the comparison gives it, <c>CIM_AlertIndication.PerceivedSeverity#'Critical'</c> names the property itself.
/// </summary>
internal sealed class QuerySymbol(QueryToken name) : QueryOperand
{
    private CimValue _value;

    /// <summary>The property whose values are meant.</summary>
    public QueryProperty? Property { get; set; }

    public override CimValue Evaluate(QueryRow row) => _value;

    public override CimType TypeIn(QueryBinding binding) => _value.Type;

    public override void Bind(QueryBinding binding)
    {
        CimPropertyDeclaration? declaration = Property?.Declaration(binding);
        if (declaration is null)
        {
            // Without classes nothing can be looked up; with them the property must be one of a known class.
            _value = binding.FindClass is null ? default : throw Unknown("it stands beside no property of a known class");
            return;
        }

        string?[]? names = declaration.Qualifiers["Values"]?.Value.AsArray<string?>();
        int index = names is null ? -1 : Array.FindIndex(names, n => string.Equals(n, name.Text, StringComparison.OrdinalIgnoreCase));
        string?[]? map = declaration.Qualifiers["ValueMap"]?.Value.AsArray<string?>();
        string? number = index < 0 ? null : map is null ? index.ToString() : index < map.Length ? map[index] : null;
        _value = number is not null && CimValue.TryParse(declaration.CimType.ElementType(), number, out CimValue value)
            ? value
            : throw Unknown($"{declaration.Name} has no value of that name");
    }

    private CimException Unknown(string why) => name.Invalid($"'{name.Text}' is no value here, {why}.");
}

/// <summary>A sum, difference, product or quotient. Integers stay integers while they fit; NULL and what is no number give NULL.</summary>
internal sealed class QueryArithmetic(QueryOperand left, char symbol, QueryOperand right) : QueryOperand
{
    public override int Sources => left.Sources | right.Sources;

    public override CimValue Evaluate(QueryRow row)
    {
        CimValue a = left.Evaluate(row), b = right.Evaluate(row);
        if (symbol != '/' && a.TryGetInt64(out long x) && b.TryGetInt64(out long y))
        {
            Int128 exact = symbol switch
            {
                '+' => (Int128)x + y,
                '-' => (Int128)x - y,
                _ => (Int128)x * y,
            };
            if (exact >= long.MinValue && exact <= long.MaxValue)
            {
                return (long)exact;
            }
        }

        if (!a.TryGetDouble(out double first) || !b.TryGetDouble(out double second))
        {
            return default;
        }

        double result = symbol switch
        {
            '+' => first + second,
            '-' => first - second,
            '*' => first * second,
            _ => first / second,
        };
        return double.IsFinite(result) ? result : default(CimValue);
    }

    public override void Bind(QueryBinding binding)
    {
        left.Bind(binding);
        right.Bind(binding);
    }

    public override CimType TypeIn(QueryBinding binding) =>
        symbol != '/' && left.TypeIn(binding).IsInteger() && right.TypeIn(binding).IsInteger() ? CimType.SInt64 : CimType.Real64;
}
