using CimHost.ObjectManager.Query.Parsing;
using CimHost.Sdk.Cim;

namespace CimHost.ObjectManager.Query;

/// <summary>A query of the form <c>SELECT … FROM … [WHERE …]</c> in WQL or CQL, of clients and of indication filters.</summary>
internal sealed class SelectQuery
{
    /// <summary>A query as it was read; its names are checked by <see cref="Bind(QueryBinding)"/>.</summary>
    public SelectQuery(IReadOnlyList<QuerySource> sources, IReadOnlyList<QuerySelected>? selected, QueryCondition? condition)
    {
        Sources = sources;
        Condition = condition;
        bool onlyProperties = selected?.All(s => s.Target is null) is not false;
        bool everything = sources.Count == 1 && selected?.Any(s => s.Operand is QueryProperty { IsWholeInstance: true }) == true;
        Selected = everything && onlyProperties ? null : selected;
    }

    /// <summary>The classes after FROM.</summary>
    public IReadOnlyList<QuerySource> Sources { get; }

    /// <summary>The entries of the select list; null for *.</summary>
    public IReadOnlyList<QuerySelected>? Selected { get; }

    /// <summary>The condition; null when every instance meets it.</summary>
    public QueryCondition? Condition { get; }

    /// <summary>The language.</summary>
    public QueryDialect Dialect { get; init; }

    /// <summary>True for DISTINCT.</summary>
    public bool IsDistinct { get; init; }

    /// <summary>How many results are wanted (FIRST); null: all.</summary>
    public int? First { get; init; }

    /// <summary>What the results are ordered by.</summary>
    public IReadOnlyList<QuerySortKey> Order { get; init; } = [];

    /// <summary>Reads a query of a client.</summary>
    /// <param name="language">"WQL", or "DMTF:CQL" (or "CQL").</param>
    /// <param name="text">The query.</param>
    /// <param name="isSubclassOf">Whether a class (first) is another (second) or below it, for ISA.</param>
    /// <exception cref="CimException">CIM_ERR_QUERY_LANGUAGE_NOT_SUPPORTED, CIM_ERR_QUERY_FEATURE_NOT_SUPPORTED, or CIM_ERR_INVALID_QUERY with the position.</exception>
    public static SelectQuery Parse(string language, string text, Func<string, string, bool>? isSubclassOf = null) =>
        new SelectParser(text, DialectOf(language), isFilter: false, isSubclassOf).Read();

    /// <summary>Reads a query of an indication filter.</summary>
    /// <inheritdoc cref="Parse"/>
    public static SelectQuery ParseFilter(string language, string text, Func<string, string, bool>? isSubclassOf = null) =>
        new SelectParser(text, DialectOf(language), isFilter: true, isSubclassOf).Read();

    /// <summary>The classes after FROM, found by name.</summary>
    /// <exception cref="CimException">CIM_ERR_INVALID_QUERY with the position.</exception>
    public CimClass[] FindClasses(string namespaceName, Func<string, CimClass?> findClass) =>
        [.. Sources.Select(s => findClass(s.ClassName.Text) ?? throw s.ClassName.Invalid($"there is no class {s.ClassName.Text} in namespace {namespaceName}."))];

    /// <summary>Checks the names against the class.</summary>
    /// <exception cref="CimException">CIM_ERR_INVALID_QUERY with the position.</exception>
    public void Bind(CimClass cimClass) => Bind(new QueryBinding(cimClass));

    /// <summary>Checks the names against the classes selected from and the others that are named.</summary>
    /// <exception cref="CimException">CIM_ERR_INVALID_QUERY with the position.</exception>
    public void Bind(QueryBinding binding)
    {
        foreach (QuerySelected selected in Selected ?? [])
        {
            selected.Operand.Bind(binding);
        }

        Condition?.Bind(binding);
        foreach (QuerySortKey key in Order)
        {
            key.Operand.Bind(binding);
        }
    }

    /// <summary>True when the instance meets the condition of a query over one class.</summary>
    public bool Matches(CimInstance instance) => Matches(new QueryRow(instance));

    /// <summary>True when the row meets the condition.</summary>
    public bool Matches(QueryRow row) => Condition is null || Condition.Evaluate(row) == true;

    private static QueryDialect DialectOf(string language) => language.ToUpperInvariant() switch
    {
        "WQL" => QueryDialect.Wql,
        "DMTF:CQL" or "CQL" => QueryDialect.Cql,
        _ => throw new CimException(CimStatusCode.QueryLanguageNotSupported, $"Queries are written in WQL or DMTF:CQL; '{language}' is not supported."),
    };
}
