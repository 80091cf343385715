using CimHost.Sdk.Cim;

namespace CimHost.ObjectManager.Query;

/// <summary>A step of a property name.</summary>
/// <param name="Name">The property; of a step with an index the word before the bracket.</param>
/// <param name="Scope">Class that declares the property (<c>CIM_Fan::Speed</c>); NULL is the value for instances of other classes.</param>
/// <param name="Elements">Which elements of an array are meant; null for all.</param>
internal readonly record struct QueryStep(QueryToken Name, QueryToken? Scope, QueryElements? Elements);

/// <summary>
/// A property, or a property of an embedded instance (<c>A.B</c>, <c>A.CIM_Fan::B</c>), or elements of an array (<c>A[2]</c>,
/// <c>A[1..3]</c>).
/// </summary>
internal sealed class QueryProperty(IReadOnlyList<QueryStep> steps, Func<string, string, bool> isSubclassOf) : QueryOperand
{
    // Steps before the first property: the class selected from, or its alias (CQL).
    private int _start;

    /// <summary>Name without the class that qualifies it.</summary>
    public string Name => string.Join('.', steps.Skip(_start).Select(s => s.Name.Text));

    /// <summary>The steps behind the class that qualifies the name.</summary>
    public IReadOnlyList<QueryStep> Steps => [.. steps.Skip(_start)];

    /// <summary>Where it stands.</summary>
    public QueryToken First => steps[0].Name;

    /// <summary>True when it names nothing but the class selected from, or its alias: the instance itself.</summary>
    public bool IsWholeInstance => _start == steps.Count;

    /// <summary>True when it is one name and nothing else.</summary>
    public bool IsPlainName => steps.Count == 1 && steps[0].Scope is null && steps[0].Elements is null;

    /// <summary>True for a property of the system (<c>__CLASS</c>), which no class declares.</summary>
    public bool IsSystem => steps[0].Name.Text.StartsWith("__", StringComparison.Ordinal);

    /// <summary>Takes the class selected from, or its alias, off the front of the name.</summary>
    public void Unqualify(string className, string? alias)
    {
        if (steps[0] is { Scope: null, Elements: null } && (steps[0].Name.IsWord(className) || (alias is not null && steps[0].Name.IsWord(alias))))
        {
            _start = 1;
        }
    }

    /// <summary>The declaration of the property named, when its class is known from the name.</summary>
    public CimPropertyDeclaration? Declaration(QueryBinding binding)
    {
        if (IsWholeInstance)
        {
            return null;
        }

        QueryStep last = steps[^1];
        CimClass? owner = last.Scope is { } scope ? binding.Require(scope) : steps.Count - _start == 1 ? binding.CimClass : Owner(binding);
        return owner is null ? null : QueryBinding.RequireProperty(owner, last.Name);
    }

    public override void Bind(QueryBinding binding)
    {
        for (int i = _start; i < steps.Count; i++)
        {
            CimClass? owner = steps[i].Scope is { } scope ? binding.Require(scope) : i == _start ? binding.CimClass : null;
            if (owner is not null)
            {
                QueryBinding.RequireProperty(owner, steps[i].Name);
            }
        }
    }

    public override CimValue Evaluate(QueryRow row)
    {
        CimValue value = default;
        for (int i = _start; i < steps.Count; i++)
        {
            CimInstance? owner = i == _start ? row.Instance : value.AsInstance();
            if (owner is null || (steps[i].Scope is { } scope && !isSubclassOf(owner.ClassName, scope.Text)))
            {
                return default;
            }

            if (steps[i].Name.IsWord("__CLASS"))
            {
                value = owner.ClassName;
            }
            else if (steps[i].Name.IsWord("__PATH"))
            {
                value = owner.Path?.ToString();
            }
            else if (!owner.TryGetValue(steps[i].Name.Text, out value))
            {
                return default;
            }

            value = steps[i].Elements is { } elements ? elements.Of(value) : value;
        }

        return value;
    }

    // CLASS.PROPERTY in front of a symbolic constant: the class may be any, not only the one selected from.
    private CimClass? Owner(QueryBinding binding) =>
        steps.Count - _start == 2 && steps[_start].Elements is null && binding.FindClass is not null && binding.CimClass.IndexOf(steps[_start].Name.Text) < 0
            ? binding.Require(steps[_start].Name)
            : null;
}
