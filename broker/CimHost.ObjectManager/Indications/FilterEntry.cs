using CimHost.ObjectManager.Query;
using CimHost.ObjectManager.Schema;
using CimHost.Sdk.Cim;

namespace CimHost.ObjectManager.Indications;

/// <summary>An indication filter, ready to be tried on indications.</summary>
internal sealed class FilterEntry
{
    private readonly CimSchema _schema;
    private readonly IReadOnlyList<FilterQuery> _queries;

    private FilterEntry(CimSchema schema, CimInstance instance, bool isShipped, IReadOnlyList<FilterQuery> queries, string? failure)
    {
        _schema = schema;
        _queries = queries;
        Instance = instance;
        IsShipped = isShipped;
        Failure = failure;
    }

    /// <summary>The CIM_IndicationFilter.</summary>
    public CimInstance Instance { get; }

    /// <summary>True for a filter of the host's own, which clients cannot change.</summary>
    public bool IsShipped { get; }

    /// <summary>Why it lets nothing through, when its classes are not there any more; else null.</summary>
    public string? Failure { get; }

    /// <summary>Name for indications and people.</summary>
    public string Name => Instance["Name"].AsString() ?? string.Empty;

    /// <summary>Its query in each namespace.</summary>
    public IReadOnlyList<FilterQuery> Queries => _queries;

    /// <summary>Reads the query and checks it against the classes of the namespaces that the filter names.</summary>
    /// <exception cref="CimException">CIM_ERR_QUERY_LANGUAGE_NOT_SUPPORTED, CIM_ERR_QUERY_FEATURE_NOT_SUPPORTED, CIM_ERR_INVALID_QUERY with the position, CIM_ERR_INVALID_PARAMETER.</exception>
    public static FilterEntry Create(CimSchema schema, CimInstance instance, bool isShipped = false)
    {
        string language = instance["QueryLanguage"].AsString() ?? throw CimException.InvalidParameter("CIM_IndicationFilter.QueryLanguage has no value; it is DMTF:CQL or WQL.");
        string text = instance["Query"].AsString() ?? throw CimException.InvalidParameter("CIM_IndicationFilter.Query has no value.");
        string?[] namespaces = instance["SourceNamespaces"].AsArray<string?>() is { Length: > 0 } several ? several
            : throw CimException.InvalidParameter("CIM_IndicationFilter.SourceNamespaces names no namespace.");
        if (namespaces.Length > 16)
        {
            throw CimException.InvalidParameter("CIM_IndicationFilter.SourceNamespaces names more than 16 namespaces.");
        }

        return new FilterEntry(schema, instance, isShipped, [.. namespaces.Select(n => FilterQuery.Create(schema, n ?? string.Empty, language, text))], null);
    }

    /// <summary>A filter that was stored; when it cannot be used any more it says why.</summary>
    public static FilterEntry Restore(CimSchema schema, CimInstance instance)
    {
        try
        {
            return Create(schema, instance);
        }
        catch (CimException e)
        {
            return new FilterEntry(schema, instance, false, [], e.Message);
        }
    }

    /// <summary>The query that lets an indication through, or null.</summary>
    public FilterQuery? Match(CimInstance indication, string namespaceName, JoinedIndications joined)
    {
        foreach (FilterQuery query in _queries)
        {
            if (query.Join is null ? query.Admits(_schema, indication, namespaceName) : joined[query, indication].Count > 0)
            {
                return query;
            }
        }

        return null;
    }
}
