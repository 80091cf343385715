using CimHost.Sdk.Cim;
using CimHost.Sdk.Operations;

namespace CimHost.Wbem.CimXml;

/// <summary>
/// One call of a request message: an intrinsic operation (IMETHODCALL) or a method (METHODCALL). Parameters of intrinsic operations are
/// taken out by typed getters, which name the parameter, the value and what is allowed when they do not fit.
/// </summary>
public sealed class CimXmlCall
{
    private readonly Dictionary<string, object?> _parameters = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<CimMethodParameter> _methodParameters = [];

    internal CimXmlCall(bool isIntrinsic, string name)
    {
        IsIntrinsic = isIntrinsic;
        Name = name;
    }

    /// <summary>True for an intrinsic operation.</summary>
    public bool IsIntrinsic { get; }

    /// <summary>Operation or method name.</summary>
    public string Name { get; }

    /// <summary>Namespace; null when the call names none.</summary>
    public string? Namespace { get; internal set; }

    /// <summary>Object on which a method is invoked; null for intrinsic operations.</summary>
    public CimObjectPath? Target { get; internal set; }

    /// <summary>Parameters of a method; types are Unknown where the sender did not say.</summary>
    public IReadOnlyList<CimMethodParameter> MethodParameters => _methodParameters;

    internal void Add(string name, object? value)
    {
        if (!_parameters.TryAdd(name, value))
        {
            throw CimException.InvalidParameter($"Parameter {name} is given twice.");
        }
    }

    internal void Add(CimMethodParameter parameter)
    {
        if (_methodParameters.Any(p => string.Equals(p.Name, parameter.Name, StringComparison.OrdinalIgnoreCase)))
        {
            throw CimException.InvalidParameter($"Parameter {parameter.Name} is given twice.");
        }

        _methodParameters.Add(parameter);
    }

    /// <summary>Refuses parameters that the operation does not have.</summary>
    /// <exception cref="CimException">CIM_ERR_INVALID_PARAMETER.</exception>
    public void Allow(params ReadOnlySpan<string> names)
    {
        foreach (string given in _parameters.Keys)
        {
            bool known = false;
            foreach (string name in names)
            {
                known |= string.Equals(name, given, StringComparison.OrdinalIgnoreCase);
            }

            if (!known)
            {
                throw CimException.InvalidParameter($"{Name} has no parameter {given}; it takes {string.Join(", ", names.ToArray())}.");
            }
        }
    }

    /// <summary>A boolean in any case.</summary>
    public bool Boolean(string name, bool absent) => Value(name) switch
    {
        null => absent,
        string text when bool.TryParse(text.Trim(), out bool value) => value,
        object other => throw Wrong(name, other, "TRUE or FALSE"),
    };

    /// <summary>An unsigned number; null when absent.</summary>
    public uint? Number(string name) => Value(name) switch
    {
        null => null,
        string text when uint.TryParse(text.Trim(), out uint value) => value,
        object other => throw Wrong(name, other, "a number from 0 to 4294967295"),
    };

    /// <summary>A text; null when absent.</summary>
    public string? Text(string name) => Value(name) switch
    {
        null => null,
        string text => text,
        object other => throw Wrong(name, other, "a text"),
    };

    /// <summary>A text that must be there.</summary>
    public string RequiredText(string name) => Text(name) ?? throw Missing(name);

    /// <summary>A class name, as CLASSNAME or as text; null when absent.</summary>
    public string? ClassName(string name) => Value(name) switch
    {
        null => null,
        CimObjectPath { IsClassPath: true } path => path.ClassName,
        string text => text,
        object other => throw Wrong(name, other, "a class name"),
    };

    /// <summary>A class name that must be there.</summary>
    public string RequiredClassName(string name) => ClassName(name) is { Length: > 0 } value ? value : throw Missing(name);

    /// <summary>An instance name.</summary>
    public CimObjectPath InstanceName(string name) => ObjectName(name) is { IsClassPath: false } path ? path : throw Wrong(name, Value(name), "an instance name");

    /// <summary>An instance or class name.</summary>
    public CimObjectPath ObjectName(string name) => Value(name) switch
    {
        null => throw Missing(name),
        CimObjectPath path => path,
        object other => throw Wrong(name, other, "an instance name or a class name"),
    };

    /// <summary>A list of texts; null when absent.</summary>
    public IReadOnlyList<string>? TextList(string name)
    {
        switch (Value(name))
        {
            case null:
                return null;
            case string text:
                return [text];
            case string[] list when Array.TrueForAll(list, t => t is not null):
                return list;
            case object other:
                throw Wrong(name, other, "a list of names");
        }
    }

    /// <summary>An instance.</summary>
    public CimInstance Instance(string name) => Value(name) as CimInstance ?? throw (Value(name) is null ? Missing(name) : Wrong(name, Value(name), "an instance"));

    /// <summary>A class.</summary>
    public CimClass Class(string name) => Value(name) as CimClass ?? throw (Value(name) is null ? Missing(name) : Wrong(name, Value(name), "a class"));

    /// <summary>A qualifier declaration.</summary>
    public CimQualifierDeclaration Qualifier(string name) =>
        Value(name) as CimQualifierDeclaration ?? throw (Value(name) is null ? Missing(name) : Wrong(name, Value(name), "a qualifier declaration"));

    /// <summary>A property value as sent: text, list of texts, or reference; NULL when absent.</summary>
    public CimValue PropertyValue(string name) => Value(name) switch
    {
        null => default,
        string text => text,
        string?[] list => list,
        CimObjectPath path => path,
        object other => throw Wrong(name, other, "a value"),
    };

    private object? Value(string name) => _parameters.GetValueOrDefault(name);

    private CimException Missing(string name) => CimException.InvalidParameter($"{Name} needs the parameter {name}.");

    private CimException Wrong(string name, object? value, string allowed) =>
        CimException.InvalidParameter($"Parameter {name} of {Name} is '{value}'; expected {allowed}.");
}
