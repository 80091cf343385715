using CimHost.Sdk.Cim;

namespace CimHost.ObjectManager.Query;

/// <summary>Something that has a value: a literal or a property of the instance at hand.</summary>
internal abstract class QueryOperand
{
    /// <summary>The value for an instance.</summary>
    public abstract CimValue Evaluate(CimInstance instance);

    /// <summary>Checks the names against a class.</summary>
    public virtual void Bind(CimClass cimClass)
    {
    }
}

/// <summary>A literal.</summary>
internal sealed class QueryLiteral(CimValue value) : QueryOperand
{
    public override CimValue Evaluate(CimInstance instance) => value;
}

/// <summary>A property, or a property of an embedded instance (<c>A.B</c>), or an element of an array (<c>A[2]</c>).</summary>
internal sealed class QueryProperty(IReadOnlyList<QueryToken> names, int? index) : QueryOperand
{
    // Names before the first property: the class selected from, or its alias (CQL).
    private int _start;

    /// <summary>Name without the class that qualifies it.</summary>
    public string Name => string.Join('.', names.Skip(_start).Select(n => n.Text));

    /// <summary>True when it names nothing but the class selected from, or its alias: the instance itself.</summary>
    public bool IsWholeInstance => _start == names.Count;

    /// <summary>True for a property of the system (<c>__CLASS</c>), which no class declares.</summary>
    public bool IsSystem => names[0].Text.StartsWith("__", StringComparison.Ordinal);

    /// <summary>Takes the class selected from, or its alias, off the front of the name.</summary>
    public void Unqualify(string className, string? alias)
    {
        if (names[0].IsWord(className) || (alias is not null && names[0].IsWord(alias)))
        {
            _start = 1;
        }
    }

    public override void Bind(CimClass cimClass)
    {
        if (_start < names.Count && cimClass.IndexOf(names[_start].Text) < 0)
        {
            throw new CimException(CimStatusCode.InvalidQuery, $"Character {names[_start].Position} of the query: class {cimClass.ClassName} has no property {names[_start].Text}.");
        }
    }

    public override CimValue Evaluate(CimInstance instance)
    {
        if (names.Count == 1 && names[0].IsWord("__CLASS"))
        {
            return instance.ClassName;
        }

        CimValue value = default;
        for (int i = _start; i < names.Count; i++)
        {
            CimInstance? owner = i == _start ? instance : value.AsInstance();
            if (owner is null || !owner.TryGetValue(names[i].Text, out value))
            {
                return default;
            }
        }

        return index is not { } element ? value : value.IsArray && element < value.Count ? value[element] : default;
    }
}
