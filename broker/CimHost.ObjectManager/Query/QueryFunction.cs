using System.Globalization;
using CimHost.Sdk.Cim;

namespace CimHost.ObjectManager.Query;

/// <summary>
/// A function of CQL (DSP0202 §7): of text, numbers, datetimes and paths. A NULL argument, or one of a kind that the function does not
/// take, gives NULL. Functions over many instances (COUNT, MAX…) are not among them.
/// </summary>
internal sealed class QueryFunction : QueryOperand
{
    private static readonly Dictionary<string, (int Least, int Most, Func<QueryRow, CimValue[], CimValue> Compute)> s_functions = new(StringComparer.OrdinalIgnoreCase)
    {
        ["UPPERCASE"] = (1, 1, (_, a) => a[0].AsString()?.ToUpperInvariant()),
        ["LOWERCASE"] = (1, 1, (_, a) => a[0].AsString()?.ToLowerInvariant()),
        ["NUMERICTOSTRING"] = (1, 1, (_, a) => a[0].Type.IsNumeric() ? a[0].ToString() : null),
        ["REFERENCETOSTRING"] = (1, 1, (_, a) => a[0].AsReference()?.ToString()),
        ["STRINGTOUINT"] = (1, 1, (_, a) => Parse(CimType.UInt64, a[0])),
        ["STRINGTOSINT"] = (1, 1, (_, a) => Parse(CimType.SInt64, a[0])),
        ["STRINGTOREAL"] = (1, 1, (_, a) => Parse(CimType.Real64, a[0])),
        ["STRINGTONUMERIC"] = (1, 1, (_, a) => Parse(CimType.SInt64, a[0]) is { IsNull: false } whole ? whole : Parse(CimType.Real64, a[0])),
        ["DATETIMETOMICROSECOND"] = (1, 1, (_, a) => Microseconds(a[0])),
        ["CURRENTDATETIME"] = (0, 0, (_, _) => new CimDateTime(DateTimeOffset.UtcNow)),
        ["DATETIME"] = (1, 1, (_, a) => a[0].AsDateTime() is { } time ? time : a[0].AsString() is { } text && CimDateTime.TryParse(text, out CimDateTime parsed) ? parsed : default(CimValue)),
        ["MICROSECONDTOTIMESTAMP"] = (1, 1, (_, a) => a[0].TryGetInt64(out long n) && n >= 0 && n <= DateTimeOffset.MaxValue.Ticks / 10 ? new CimDateTime(new DateTimeOffset(n * 10, TimeSpan.Zero)) : default(CimValue)),
        ["MICROSECONDTOINTERVAL"] = (1, 1, (_, a) => a[0].TryGetInt64(out long n) && n >= 0 && n <= long.MaxValue / 10 ? new CimDateTime(TimeSpan.FromTicks(n * 10)) : default(CimValue)),
        ["CLASSNAME"] = (0, 1, (row, a) => Path(row, a)?.ClassName ?? (a.Length > 0 ? a[0].AsInstance()?.ClassName ?? a[0].AsClass()?.ClassName : row.Instance.ClassName)),
        ["NAMESPACENAME"] = (0, 1, (row, a) => Path(row, a)?.Namespace),
        ["HOSTPORT"] = (0, 1, (row, a) => Path(row, a)?.Host),
        ["MODELPATH"] = (0, 1, (row, a) => Path(row, a)?.WithHost(null).WithNamespace(null).ToString()),
        ["OBJECTPATH"] = (0, 1, (row, a) => Path(row, a)),
        ["INSTANCETOREFERENCE"] = (0, 1, (row, a) => Path(row, a)),
        ["CLASSPATH"] = (0, 1, (row, a) => Path(row, a) is { } path ? new CimObjectPath(path.ClassName, null, path.Namespace, path.Host) : default(CimValue)),
    };

    private static readonly HashSet<string> s_aggregates = new(StringComparer.OrdinalIgnoreCase) { "COUNT", "MIN", "MAX", "SUM", "MEAN", "MEDIAN", "INSTANCEOF", "CREATEARRAY" };

    private readonly Func<QueryRow, CimValue[], CimValue> _compute;
    private readonly IReadOnlyList<QueryOperand> _arguments;

    private QueryFunction(Func<QueryRow, CimValue[], CimValue> compute, IReadOnlyList<QueryOperand> arguments)
    {
        _compute = compute;
        _arguments = arguments;
    }

    /// <summary>A call of a function.</summary>
    /// <exception cref="CimException">CIM_ERR_INVALID_QUERY with the position: no such function, or the wrong number of arguments; CIM_ERR_QUERY_FEATURE_NOT_SUPPORTED: a function of CQL that is not built.</exception>
    public static QueryFunction Create(QueryToken name, IReadOnlyList<QueryOperand> arguments)
    {
        if (!s_functions.TryGetValue(name.Text, out (int Least, int Most, Func<QueryRow, CimValue[], CimValue> Compute) function))
        {
            throw s_aggregates.Contains(name.Text)
                ? new CimException(CimStatusCode.QueryFeatureNotSupported, $"Character {name.Position} of the query: the function {name.Text} is not supported here.")
                : new CimException(CimStatusCode.InvalidQuery, $"Character {name.Position} of the query: there is no function {name.Text}.");
        }

        return arguments.Count >= function.Least && arguments.Count <= function.Most
            ? new QueryFunction(function.Compute, arguments)
            : throw new CimException(CimStatusCode.InvalidQuery, $"Character {name.Position} of the query: {name.Text} takes {(function.Least == function.Most ? $"{function.Least}" : $"{function.Least} or {function.Most}")} arguments and is given {arguments.Count}.");
    }

    public override CimValue Evaluate(QueryRow row)
    {
        var values = new CimValue[_arguments.Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = _arguments[i] is QueryProperty { IsWholeInstance: true } ? row.Instance : _arguments[i].Evaluate(row);
        }

        return _compute(row, values);
    }

    public override void Bind(QueryBinding binding)
    {
        foreach (QueryOperand argument in _arguments)
        {
            argument.Bind(binding);
        }
    }

    private static CimValue Parse(CimType type, CimValue value) => value.AsString() is { } text && CimValue.TryParse(type, text.Trim(), out CimValue number) ? number : default;

    // Timestamps count from year 1, so that the functions between numbers and datetimes undo each other.
    private static CimValue Microseconds(CimValue value)
    {
        if (value.AsDateTime() is not { } time)
        {
            return default;
        }

        if (!time.IsInterval)
        {
            return time.ToDateTimeOffset().UtcTicks / 10;
        }

        string digits = time.ToString().Replace('*', '0');
        return (((long.Parse(digits.AsSpan(0, 8), NumberStyles.None, CultureInfo.InvariantCulture) * 86_400)
            + (int.Parse(digits.AsSpan(8, 2), NumberStyles.None, CultureInfo.InvariantCulture) * 3600L)
            + (int.Parse(digits.AsSpan(10, 2), NumberStyles.None, CultureInfo.InvariantCulture) * 60L)
            + int.Parse(digits.AsSpan(12, 2), NumberStyles.None, CultureInfo.InvariantCulture)) * 1_000_000)
            + int.Parse(digits.AsSpan(15, 6), NumberStyles.None, CultureInfo.InvariantCulture);
    }

    private static CimObjectPath? Path(QueryRow row, CimValue[] arguments)
    {
        if (arguments.Length == 0)
        {
            return row.Instance.Path;
        }

        return arguments[0].AsReference()
            ?? arguments[0].AsInstance()?.Path
            ?? (arguments[0].AsString() is { } text && CimObjectPath.TryParse(text, out CimObjectPath? path) ? path : null);
    }
}
