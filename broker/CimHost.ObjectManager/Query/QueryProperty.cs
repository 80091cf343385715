using CimHost.ObjectManager.Query.Parsing;
using CimHost.Sdk.Cim;

namespace CimHost.ObjectManager.Query;

/// <summary>A step of a property name.</summary>
/// <param name="Name">The property; of a step with an index the word before the bracket.</param>
/// <param name="Scope">Class that declares the property (<c>CIM_Fan::Speed</c>); NULL is the value for instances of other classes.</param>
/// <param name="Elements">Which elements of an array are meant; null for all.</param>
internal readonly record struct QueryStep(QueryToken Name, QueryToken? Scope, QueryElements? Elements);

/// <summary>
/// A property, or a property of an embedded instance (<c>A.B</c>, <c>A.CIM_Fan::B</c>), or elements of an array (<c>A[2]</c>,
/// <c>A[1..3]</c>), or with nothing but the name of a class of FROM the instance itself.
/// </summary>
internal sealed class QueryProperty(IReadOnlyList<QueryStep> steps, Func<string, string, bool> isSubclassOf) : QueryOperand
{
    // Steps before the first property: a class selected from, or its alias (CQL).
    private int _start;

    // Negative: the classes must tell whose property it is.
    private int _source;

    /// <summary>Which entry of FROM it belongs to; known after <see cref="Bind"/>.</summary>
    public int Source
    {
        get => _source;
        init => _source = value;
    }

    /// <inheritdoc/>
    public override int Sources => 1 << _source;

    /// <summary>Name without the class that qualifies it.</summary>
    public string Name => string.Join('.', steps.Skip(_start).Select(s => s.Name.Text));

    /// <summary>The steps behind the class that qualifies the name.</summary>
    public IReadOnlyList<QueryStep> Steps => [.. steps.Skip(_start)];

    /// <summary>Where it stands.</summary>
    public QueryToken First => steps[0].Name;

    /// <summary>True when it names nothing but a class selected from, or its alias: the instance itself.</summary>
    public bool IsWholeInstance => _start == steps.Count;

    /// <summary>True when it is one name and nothing else.</summary>
    public bool IsPlainName => steps.Count == 1 && steps[0].Scope is null && steps[0].Elements is null;

    /// <summary>Takes a class selected from, or its alias, off the front of the name.</summary>
    /// <exception cref="CimException">CIM_ERR_INVALID_QUERY with the position: the class is selected from more than once.</exception>
    public void Qualify(IReadOnlyList<QuerySource> sources)
    {
        _source = sources.Count == 1 ? 0 : -1;
        if (steps[0] is not { Scope: null, Elements: null, Name: var name })
        {
            return;
        }

        for (int i = 0; i < sources.Count; i++)
        {
            if (sources[i].Alias is { } alias && alias.IsWord(name.Text))
            {
                (_source, _start) = (i, 1);
                return;
            }
        }

        for (int i = 0; i < sources.Count; i++)
        {
            if (sources[i].ClassName.IsWord(name.Text))
            {
                _source = _start == 0 ? i : throw name.Invalid($"the query selects from {name.Text} more than once; use an alias.");
                _start = 1;
            }
        }
    }

    /// <summary>The declaration of the property named, when its class is known from the name.</summary>
    /// <exception cref="CimException">CIM_ERR_INVALID_QUERY with the position.</exception>
    public CimPropertyDeclaration? Declaration(QueryBinding binding)
    {
        CimPropertyDeclaration? declaration = null;
        CimClass? owner = OtherClass(binding);
        int start = owner is null ? _start : 1;
        for (int i = start; i < steps.Count; i++)
        {
            owner = steps[i].Scope is { } scope ? binding.Require(scope)
                : i > start ? (declaration?.EmbeddedClassName is { Length: > 0 } name ? binding.FindClass?.Invoke(name) : null)
                : owner ?? binding.Classes[Resolve(binding)];
            declaration = owner is null ? null : QueryBinding.RequireProperty(owner, steps[i].Name);
        }

        return declaration;
    }

    public override void Bind(QueryBinding binding)
    {
        Resolve(binding);
        for (int i = _start; i < steps.Count; i++)
        {
            CimClass? owner = steps[i].Scope is { } scope ? binding.Require(scope) : i == _start ? binding.Classes[_source] : null;
            if (owner is not null)
            {
                QueryBinding.RequireProperty(owner, steps[i].Name);
            }
        }
    }

    public override CimType TypeIn(QueryBinding binding)
    {
        if (IsWholeInstance)
        {
            return CimType.Instance;
        }

        QueryStep last = steps[^1];
        CimType type = Declaration(binding)?.CimType ?? (IsSystem(last.Name)
            ? CimType.String
            : throw last.Name.Invalid($"of which type {last.Name.Text} is depends on its class; write the class in front of it, as in CIM_Fan::Speed."));
        return last.Elements?.IsOne == true ? type.ElementType() : type;
    }

    public override CimValue Evaluate(QueryRow row)
    {
        CimValue value = row.InstanceOf(_source);
        for (int i = _start; i < steps.Count; i++)
        {
            if (value.AsInstance() is not { } owner || (steps[i].Scope is { } scope && !isSubclassOf(owner.ClassName, scope.Text)))
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

    private static bool IsSystem(QueryToken name) => name.Text.StartsWith("__", StringComparison.Ordinal);

    private int Resolve(QueryBinding binding)
    {
        if (_source >= 0)
        {
            return _source;
        }

        if (steps[0].Scope is not null || IsSystem(First))
        {
            throw First.Invalid("the query selects from several classes; write in front of the name which of them is meant.");
        }

        for (int i = 0; i < binding.Classes.Count; i++)
        {
            if (binding.Classes[i].IndexOf(First.Text) >= 0)
            {
                _source = _source < 0 ? i : throw First.Invalid($"both {binding.Classes[_source].ClassName} and {binding.Classes[i].ClassName} have a property {First.Text}; write in front of the name which of them is meant.");
            }
        }

        return _source >= 0 ? _source : throw First.Invalid($"none of the classes selected from has a property {First.Text}.");
    }

    // CLASS.PROPERTY in front of a symbolic constant: the class may be any, not only one selected from.
    private CimClass? OtherClass(QueryBinding binding) =>
        _start == 0 && steps.Count == 2 && steps[0] is { Scope: null, Elements: null } && binding.FindClass is not null && binding.Classes.All(c => c.IndexOf(First.Text) < 0)
            ? binding.Require(First)
            : null;
}
