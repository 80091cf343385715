using CimHost.ObjectManager.Query.Parsing;
using CimHost.Sdk.Cim;

namespace CimHost.ObjectManager.Query;

/// <summary>A column of a result: a property that is made for it, and where its values come from.</summary>
/// <param name="Declaration">Name, type and qualifiers (without Key).</param>
/// <param name="Operand">The values.</param>
/// <param name="Position">What in the query asks for it.</param>
internal sealed record QueryColumn(CimPropertyDeclaration Declaration, QueryOperand Operand, QueryToken Position)
{
    /// <summary>The columns of an entry of a select list: one, or for <c>Class.*</c> one for each property of the class.</summary>
    /// <exception cref="CimException">CIM_ERR_INVALID_QUERY with the position: the type of the value cannot be known.</exception>
    public static IEnumerable<QueryColumn> Of(QuerySelected selected, QueryBinding binding)
    {
        var property = selected.Operand as QueryProperty;
        if (selected.Target is null && property is { IsWholeInstance: true })
        {
            return OfClass(binding.Classes[property.Source], property.Source, property.First);
        }

        QueryToken name = selected.Target ?? property!.Steps[^1].Name;
        CimType type = selected.Operand.TypeIn(binding);
        CimPropertyDeclaration? declared = property?.Declaration(binding);
        CimPropertyDeclaration declaration = declared is not null
            ? Plain(declared) with { Name = selected.Target?.Text ?? declared.Name, CimType = type }
            : new CimPropertyDeclaration
            {
                Name = name.Text,
                CimType = type == CimType.Unknown ? CimType.String : type,
                EmbeddedClassName = type == CimType.Instance && property is not null ? binding.Classes[property.Source].ClassName : null,
            };
        return [new QueryColumn(declaration, selected.Operand, name)];
    }

    /// <summary>A column for each property of a class.</summary>
    /// <param name="cimClass">The class.</param>
    /// <param name="source">Its place in FROM.</param>
    /// <param name="position">What in the query asks for it.</param>
    public static IEnumerable<QueryColumn> OfClass(CimClass cimClass, int source, QueryToken position) =>
        cimClass.CimClassProperties.Select(p => new QueryColumn(
            Plain(p),
            new QueryProperty([new QueryStep(position with { Text = p.Name }, null, null)], static (_, _) => false) { Source = source },
            position));

    /// <summary>The value of the column in a row; NULL when it does not fit the type.</summary>
    public CimValue Of(QueryRow row) => Operand.Evaluate(row).TryConvert(Declaration.CimType, out CimValue value) ? value : default;

    // What is a key of its class names no row of a result.
    private static CimPropertyDeclaration Plain(CimPropertyDeclaration declared) => declared with
    {
        DefaultValue = default,
        ClassOrigin = string.Empty,
        IsPropagated = false,
        Qualifiers = declared.IsKey ? new CimNamedList<CimQualifier>(declared.Qualifiers.Where(q => !string.Equals(q.Name, "Key", StringComparison.OrdinalIgnoreCase))) : declared.Qualifiers,
    };
}
