using CimHost.ObjectManager.Query;
using CimHost.ObjectManager.Schema;
using CimHost.Sdk.Cim;

namespace CimHost.ObjectManager.Indications;

/// <summary>The query of a filter for one namespace.</summary>
internal sealed class FilterQuery
{
    // What the service says of an indication goes along whatever the filter selects: a listener needs it to see gaps and repetitions.
    private static readonly string[] s_always = ["IndicationFilterName", "SequenceContext", "SequenceNumber"];

    private readonly SelectQuery _query;

    private FilterQuery(string namespaceName, SelectQuery query)
    {
        Namespace = namespaceName;
        _query = query;
    }

    /// <summary>Namespace in which the indications arise.</summary>
    public string Namespace { get; }

    /// <summary>Class of indications after FROM.</summary>
    public string ClassName => _query.Sources[0].ClassName.Text;

    /// <summary>The condition; null when there is none.</summary>
    public QueryCondition? Condition => _query.Condition;

    /// <summary>Reads and checks a query.</summary>
    /// <exception cref="CimException">CIM_ERR_QUERY_LANGUAGE_NOT_SUPPORTED, CIM_ERR_QUERY_FEATURE_NOT_SUPPORTED, CIM_ERR_INVALID_QUERY with the position, CIM_ERR_INVALID_PARAMETER.</exception>
    public static FilterQuery Create(CimSchema schema, string namespaceName, string language, string text)
    {
        SelectQuery query = SelectQuery.ParseFilter(language, text, (child, ancestor) => schema.IsSubclassOf(namespaceName, child, ancestor));
        if (!schema.Exists(namespaceName))
        {
            throw CimException.InvalidParameter($"CIM_IndicationFilter.SourceNamespaces: there is no namespace {namespaceName}.");
        }

        string ns = schema.ResolveNamespace(namespaceName);
        CimClass? Find(string name) => schema.FindClass(ns, name);
        var binding = new QueryBinding(query.FindClasses(ns, Find), Find);
        if (!binding.Classes[0].IsIndication)
        {
            throw query.Sources[0].ClassName.Invalid($"{binding.Classes[0].ClassName} is no class of indications.");
        }

        query.Bind(binding);
        foreach (QuerySelected selected in query.Selected ?? [])
        {
            if (selected.Target is { } target)
            {
                QueryBinding.RequireProperty(binding.Classes[0], target);
            }
        }

        return new FilterQuery(ns, query);
    }

    /// <summary>True when the query lets an indication of a namespace through.</summary>
    public bool Matches(CimSchema schema, CimInstance indication, string namespaceName) =>
        string.Equals(Namespace, namespaceName, StringComparison.OrdinalIgnoreCase)
        && schema.IsSubclassOf(namespaceName, indication.ClassName, ClassName)
        && _query.Matches(indication);

    /// <summary>A new instance with what the query selects of an indication, and room for what the service adds.</summary>
    public CimInstance Select(CimInstance indication)
    {
        if (_query.Selected is not { } selected)
        {
            return indication.Clone();
        }

        // The first part of each name is a property of the indication; what is named below it cuts the embedded instance.
        var properties = new Dictionary<string, List<IReadOnlyList<QueryStep>>>(StringComparer.OrdinalIgnoreCase);
        bool everything = false;
        foreach (QuerySelected entry in selected)
        {
            if (entry is { Target: null, Operand: QueryProperty property })
            {
                everything |= property.IsWholeInstance;
                if (!property.IsWholeInstance)
                {
                    (properties.TryGetValue(property.Steps[0].Name.Text, out List<IReadOnlyList<QueryStep>>? below) ? below : properties[property.Steps[0].Name.Text] = []).Add(property.Steps);
                }
            }
        }

        HashSet<string> kept = new([.. properties.Keys, .. s_always, .. selected.Select(s => s.Target?.Text).OfType<string>()], StringComparer.OrdinalIgnoreCase);
        CimInstance result = everything
            ? indication.Clone()
            : indication.Project(indication.CimClass.WithProperties(indication.CimClass.CimClassProperties.Where(p => kept.Contains(p.Name)))).Clone();
        foreach ((string name, List<IReadOnlyList<QueryStep>> below) in properties)
        {
            if (!everything && result.TryGetValue(name, out CimValue value) && value.AsInstance() is { } embedded && below.TrueForAll(s => s.Count > 1))
            {
                result[name] = Cut(embedded, below);
            }
        }

        var row = new QueryRow(indication);
        foreach (QuerySelected entry in selected)
        {
            if (entry.Target is { } target && result.CimClass.CimClassProperties[target.Text] is { } declaration && entry.Operand.Evaluate(row).TryConvert(declaration.CimType, out CimValue given))
            {
                result[target.Text] = given;
            }
        }

        return result;
    }

    // Keys stay, for without them nobody knows what the instance is.
    private static CimValue Cut(CimInstance embedded, List<IReadOnlyList<QueryStep>> below)
    {
        HashSet<string> names = new(below.Select(s => s[1].Name.Text), StringComparer.OrdinalIgnoreCase);
        return embedded.Project(embedded.CimClass.WithProperties(embedded.CimClass.CimClassProperties.Where(p => p.IsKey || names.Contains(p.Name))));
    }
}
