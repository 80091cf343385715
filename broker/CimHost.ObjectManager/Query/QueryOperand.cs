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
    /// <summary>Name as written.</summary>
    public string Name => string.Join('.', names.Select(n => n.Text));

    public override void Bind(CimClass cimClass)
    {
        if (cimClass.IndexOf(names[0].Text) < 0)
        {
            throw new CimException(CimStatusCode.InvalidQuery, $"Character {names[0].Position} of the query: class {cimClass.ClassName} has no property {names[0].Text}.");
        }
    }

    public override CimValue Evaluate(CimInstance instance)
    {
        CimValue value = default;
        for (int i = 0; i < names.Count; i++)
        {
            CimInstance? owner = i == 0 ? instance : value.AsInstance();
            if (owner is null || !owner.TryGetValue(names[i].Text, out value))
            {
                return default;
            }
        }

        return index is not { } element ? value : value.IsArray && element < value.Count ? value[element] : default;
    }
}
