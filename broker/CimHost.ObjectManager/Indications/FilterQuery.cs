using CimHost.ObjectManager.Query;
using CimHost.ObjectManager.Schema;
using CimHost.Sdk.Cim;

namespace CimHost.ObjectManager.Indications;

/// <summary>The query of a filter for one namespace: over one class of indications, which may be joined with ordinary classes.</summary>
internal sealed class FilterQuery
{
    private readonly SelectQuery _query;
    private readonly FilterSelection _selection;

    private FilterQuery(string namespaceName, SelectQuery query, int source, FilterSelection selection)
    {
        Namespace = namespaceName;
        _query = query;
        Source = source;
        _selection = selection;
        Join = query.Sources.Count > 1 ? new QueryJoin(query) : null;
    }

    /// <summary>Namespace in which the indications arise.</summary>
    public string Namespace { get; }

    /// <summary>Class of indications after FROM.</summary>
    public string ClassName => _query.Sources[Source].ClassName.Text;

    /// <summary>Place of the indication among the classes after FROM.</summary>
    public int Source { get; }

    /// <summary>The classes after FROM.</summary>
    public IReadOnlyList<QuerySource> Sources => _query.Sources;

    /// <summary>The condition; null when there is none.</summary>
    public QueryCondition? Condition => _query.Condition;

    /// <summary>The join with ordinary classes; null when there is none.</summary>
    public QueryJoin? Join { get; }

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
        int source = SourceOfIndications(query, binding.Classes);
        query.Bind(binding);
        return new FilterQuery(ns, query, source, new FilterSelection(query, source, binding));
    }

    /// <summary>True when an indication of a namespace may pass: its class and, in a join, the conditions on it alone let it through.</summary>
    public bool Admits(CimSchema schema, CimInstance indication, string namespaceName) =>
        string.Equals(Namespace, namespaceName, StringComparison.OrdinalIgnoreCase)
        && schema.IsSubclassOf(namespaceName, indication.ClassName, ClassName)
        && (Join is null ? _query.Matches(indication) : Join.Admits(Source, indication));

    /// <summary>A new instance with what the query selects of an indication, and room for what the service adds.</summary>
    public CimInstance Select(CimInstance indication) => Select(indication, new QueryRow(indication));

    /// <summary>The same of a row of the join.</summary>
    public CimInstance Select(CimInstance indication, QueryRow row) => _selection.Of(indication, row);

    /// <summary>The row of an indication without the instances of the other classes.</summary>
    public QueryRow RowOf(CimInstance indication)
    {
        var row = new CimInstance?[Sources.Count];
        row[Source] = indication;
        return new QueryRow(row);
    }

    private static int SourceOfIndications(SelectQuery query, IReadOnlyList<CimClass> classes)
    {
        int[] sources = [.. Enumerable.Range(0, classes.Count).Where(i => classes[i].IsIndication)];
        return sources.Length switch
        {
            1 => sources[0],
            0 => throw query.Sources[0].ClassName.Invalid(classes.Count == 1 ? $"{classes[0].ClassName} is no class of indications." : "none of the classes is one of indications."),
            _ => throw query.Sources[sources[1]].ClassName.Invalid($"{classes[sources[1]].ClassName} is a second class of indications; a filter lets one through."),
        };
    }
}
