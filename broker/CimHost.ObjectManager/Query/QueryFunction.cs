using System.Globalization;
using CimHost.ObjectManager.Query.Parsing;
using CimHost.Sdk.Cim;

namespace CimHost.ObjectManager.Query;

/// <summary>
/// A function of CQL (DSP0202 §7): of text, numbers, datetimes and paths. A NULL argument, or one of a kind that the function does not
/// take, gives NULL. Functions over many instances (COUNT, MAX…) are not among them.
/// </summary>
internal sealed class QueryFunction : QueryOperand
{
    private static readonly Dictionary<string, Definition> s_functions = new(StringComparer.OrdinalIgnoreCase)
    {
        ["UPPERCASE"] = new(1, 1, CimType.String, (_, a) => a[0].AsString()?.ToUpperInvariant()),
        ["LOWERCASE"] = new(1, 1, CimType.String, (_, a) => a[0].AsString()?.ToLowerInvariant()),
        ["NUMERICTOSTRING"] = new(1, 1, CimType.String, (_, a) => a[0].Type.IsNumeric() ? a[0].ToString() : null),
        ["REFERENCETOSTRING"] = new(1, 1, CimType.String, (_, a) => a[0].AsReference()?.ToString()),
        ["STRINGTOUINT"] = new(1, 1, CimType.UInt64, (_, a) => Parse(CimType.UInt64, a[0])),
        ["STRINGTOSINT"] = new(1, 1, CimType.SInt64, (_, a) => Parse(CimType.SInt64, a[0])),
        ["STRINGTOREAL"] = new(1, 1, CimType.Real64, (_, a) => Parse(CimType.Real64, a[0])),
        ["STRINGTONUMERIC"] = new(1, 1, CimType.Real64, (_, a) => Parse(CimType.SInt64, a[0]) is { IsNull: false } whole ? whole : Parse(CimType.Real64, a[0])),
        ["DATETIMETOMICROSECOND"] = new(1, 1, CimType.SInt64, (_, a) => Microseconds(a[0])),
        ["CURRENTDATETIME"] = new(0, 0, CimType.DateTime, (_, _) => new CimDateTime(DateTimeOffset.UtcNow)),
        ["DATETIME"] = new(1, 1, CimType.DateTime, (_, a) => a[0].AsDateTime() is { } time ? time : a[0].AsString() is { } text && CimDateTime.TryParse(text, out CimDateTime parsed) ? parsed : default(CimValue)),
        ["MICROSECONDTOTIMESTAMP"] = new(1, 1, CimType.DateTime, (_, a) => a[0].TryGetInt64(out long n) && n >= 0 && n <= DateTimeOffset.MaxValue.Ticks / 10 ? new CimDateTime(new DateTimeOffset(n * 10, TimeSpan.Zero)) : default(CimValue)),
        ["MICROSECONDTOINTERVAL"] = new(1, 1, CimType.DateTime, (_, a) => a[0].TryGetInt64(out long n) && n >= 0 && n <= long.MaxValue / 10 ? new CimDateTime(TimeSpan.FromTicks(n * 10)) : default(CimValue)),
        ["CLASSNAME"] = new(0, 1, CimType.String, (row, a) => Path(row, a)?.ClassName ?? (a.Length > 0 ? a[0].AsInstance()?.ClassName ?? a[0].AsClass()?.ClassName : row.InstanceOf(0)?.ClassName)),
        ["NAMESPACENAME"] = new(0, 1, CimType.String, (row, a) => Path(row, a)?.Namespace),
        ["HOSTPORT"] = new(0, 1, CimType.String, (row, a) => Path(row, a)?.Host),
        ["MODELPATH"] = new(0, 1, CimType.String, (row, a) => Path(row, a)?.WithHost(null).WithNamespace(null).ToString()),
        ["OBJECTPATH"] = new(0, 1, CimType.Reference, (row, a) => Path(row, a)),
        ["INSTANCETOREFERENCE"] = new(0, 1, CimType.Reference, (row, a) => Path(row, a)),
        ["CLASSPATH"] = new(0, 1, CimType.Reference, (row, a) => Path(row, a) is { } path ? new CimObjectPath(path.ClassName, null, path.Namespace, path.Host) : default(CimValue)),
    };

    private static readonly HashSet<string> s_aggregates = new(StringComparer.OrdinalIgnoreCase) { "COUNT", "MIN", "MAX", "SUM", "MEAN", "MEDIAN", "INSTANCEOF", "CREATEARRAY" };

    private readonly QueryToken _name;
    private readonly Definition _definition;
    private readonly IReadOnlyList<QueryOperand> _arguments;

    private QueryFunction(QueryToken name, Definition definition, IReadOnlyList<QueryOperand> arguments)
    {
        _name = name;
        _definition = definition;
        _arguments = arguments;
    }

    public override int Sources => IsOfTheRow ? 1 : _arguments.Aggregate(0, (bits, argument) => bits | argument.Sources);

    // Without its argument the function speaks of the instance at hand.
    private bool IsOfTheRow => _arguments.Count < _definition.Most;

    /// <summary>A call of a function.</summary>
    /// <exception cref="CimException">CIM_ERR_INVALID_QUERY with the position: no such function, or the wrong number of arguments; CIM_ERR_QUERY_FEATURE_NOT_SUPPORTED: a function of CQL that is not built.</exception>
    public static QueryFunction Create(QueryToken name, IReadOnlyList<QueryOperand> arguments)
    {
        if (!s_functions.TryGetValue(name.Text, out Definition? function))
        {
            throw s_aggregates.Contains(name.Text)
                ? name.NotSupported($"the function {name.Text} is not supported here.")
                : name.Invalid($"there is no function {name.Text}.");
        }

        return arguments.Count >= function.Least && arguments.Count <= function.Most
            ? new QueryFunction(name, function, arguments)
            : throw name.Invalid($"{name.Text} takes {(function.Least == function.Most ? $"{function.Least}" : $"{function.Least} or {function.Most}")} arguments and is given {arguments.Count}.");
    }

    public override CimValue Evaluate(QueryRow row)
    {
        var values = new CimValue[_arguments.Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = _arguments[i].Evaluate(row);
        }

        return _definition.Compute(row, values);
    }

    public override CimType TypeIn(QueryBinding binding) => _definition.Type;

    public override void Bind(QueryBinding binding)
    {
        if (IsOfTheRow && binding.Classes.Count > 1)
        {
            throw _name.Invalid($"in a query over several classes {_name.Text} takes an argument, which names one of them.");
        }

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
            return row.InstanceOf(0)?.Path;
        }

        return arguments[0].AsReference()
            ?? arguments[0].AsInstance()?.Path
            ?? (arguments[0].AsString() is { } text && CimObjectPath.TryParse(text, out CimObjectPath? path) ? path : null);
    }

    private sealed record Definition(int Least, int Most, CimType Type, Func<QueryRow, CimValue[], CimValue> Compute);
}
