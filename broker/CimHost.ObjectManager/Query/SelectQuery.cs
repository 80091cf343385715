using CimHost.Sdk.Cim;

namespace CimHost.ObjectManager.Query;

/// <summary>A query of the form <c>SELECT … FROM class [WHERE …]</c> in WQL or CQL, of clients and of indication filters.</summary>
internal sealed class SelectQuery
{
    private readonly QueryCondition? _condition;
    private readonly IReadOnlyList<QuerySelected>? _selected;

    private SelectQuery(QueryToken from, IReadOnlyList<QuerySelected>? selected, QueryCondition? condition)
    {
        From = from;
        _selected = selected;
        _condition = condition;
    }

    /// <summary>The class after FROM and where it stands.</summary>
    public QueryToken From { get; }

    /// <summary>The class after FROM.</summary>
    public string ClassName => From.Text;

    /// <summary>The entries of the select list; null for *.</summary>
    public IReadOnlyList<QuerySelected>? Selected => _selected;

    /// <summary>The condition; null when every instance meets it.</summary>
    public QueryCondition? Condition => _condition;

    /// <summary>The properties after SELECT; null for *.</summary>
    public IReadOnlyList<string>? PropertyList => _selected?.Select(s => ((QueryProperty)s.Operand).Name).ToList();

    /// <summary>A class with the properties selected only, in the order of the query: what people who name columns expect to see.</summary>
    public CimClass Shape(CimClass cimClass) => PropertyList is not { } names
        ? cimClass
        : cimClass.WithProperties(names
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .Select(name => cimClass.IndexOf(name))
            .Where(index => index >= 0)
            .Select(index => cimClass.CimClassProperties[index]));

    /// <summary>Reads a query of a client; its select list names properties.</summary>
    /// <param name="language">"WQL", or "DMTF:CQL" (or "CQL") for its queries over one class.</param>
    /// <param name="text">The query.</param>
    /// <param name="isSubclassOf">Whether a class (first) is another (second) or below it, for ISA.</param>
    /// <exception cref="CimException">CIM_ERR_QUERY_LANGUAGE_NOT_SUPPORTED, CIM_ERR_QUERY_FEATURE_NOT_SUPPORTED, or CIM_ERR_INVALID_QUERY with the position.</exception>
    public static SelectQuery Parse(string language, string text, Func<string, string, bool>? isSubclassOf = null)
    {
        SelectQuery query = ParseFilter(language, text, isSubclassOf);
        if (query._selected?.FirstOrDefault(s => s.Target is not null) is { Target: { } target })
        {
            throw new CimException(CimStatusCode.QueryFeatureNotSupported, $"Character {target.Position} of the query: AS is for indication filters; a query selects properties here.");
        }

        return query;
    }

    /// <summary>Reads a query of an indication filter, whose select list may also give values to properties (<c>'text' AS Description</c>).</summary>
    /// <exception cref="CimException">CIM_ERR_QUERY_LANGUAGE_NOT_SUPPORTED, CIM_ERR_QUERY_FEATURE_NOT_SUPPORTED, or CIM_ERR_INVALID_QUERY with the position.</exception>
    public static SelectQuery ParseFilter(string language, string text, Func<string, string, bool>? isSubclassOf = null)
    {
        QueryDialect dialect = language.ToUpperInvariant() switch
        {
            "WQL" => QueryDialect.Wql,
            "DMTF:CQL" or "CQL" => QueryDialect.Cql,
            _ => throw new CimException(CimStatusCode.QueryLanguageNotSupported, $"Queries are written in WQL or DMTF:CQL; '{language}' is not supported."),
        };
        var lexer = new QueryLexer(text);
        var parser = new QueryParser(lexer, dialect, isSubclassOf);
        Expect(lexer, "SELECT");
        List<QuerySelected>? selected = ReadSelectList(lexer, parser);
        Expect(lexer, "FROM");
        QueryToken className = parser.ReadName("a class name");
        string? alias = dialect == QueryDialect.Cql ? ReadAlias(lexer, parser) : null;
        QueryCondition? condition = null;
        if (lexer.Current.IsWord("WHERE"))
        {
            lexer.Next();
            condition = parser.ReadCondition();
            parser.ExpectEnd();
        }
        else if (lexer.Current.Kind != QueryTokenKind.End)
        {
            throw lexer.Current.IsSymbol(",")
                ? new CimException(CimStatusCode.QueryFeatureNotSupported, $"Character {lexer.Current.Position} of the query: a query selects from one class here, not from several.")
                : QueryLexer.Error(lexer.Current, "WHERE or the end of the query");
        }

        if (dialect == QueryDialect.Cql)
        {
            foreach (QueryProperty property in parser.Properties)
            {
                property.Unqualify(className.Text, alias);
            }
        }

        bool everything = selected is null || selected.Exists(s => s is { Target: null, Operand: QueryProperty { IsWholeInstance: true } });
        bool onlyProperties = selected?.TrueForAll(s => s.Target is null) is not false;
        return new SelectQuery(className, everything && onlyProperties ? null : selected, condition);
    }

    /// <summary>Checks the names against the class.</summary>
    /// <exception cref="CimException">CIM_ERR_INVALID_QUERY with the position.</exception>
    public void Bind(CimClass cimClass) => Bind(new QueryBinding(cimClass));

    /// <summary>Checks the names against the class selected from and the others that are named.</summary>
    /// <exception cref="CimException">CIM_ERR_INVALID_QUERY with the position.</exception>
    public void Bind(QueryBinding binding)
    {
        foreach (QuerySelected selected in _selected ?? [])
        {
            selected.Operand.Bind(binding);
            if (selected.Target is { } target)
            {
                QueryBinding.RequireProperty(binding.CimClass, target);
            }
        }

        _condition?.Bind(binding);
    }

    /// <summary>True when the instance meets the condition.</summary>
    public bool Matches(CimInstance instance) => _condition is null || _condition.Evaluate(new QueryRow(instance)) == true;

    private static List<QuerySelected>? ReadSelectList(QueryLexer lexer, QueryParser parser)
    {
        if (lexer.Current.IsSymbol("*"))
        {
            lexer.Next();
            return null;
        }

        List<QuerySelected> entries = [parser.ReadSelected()];
        while (lexer.Current.IsSymbol(","))
        {
            lexer.Next();
            entries.Add(parser.ReadSelected());
        }

        return entries;
    }

    private static string? ReadAlias(QueryLexer lexer, QueryParser parser)
    {
        if (lexer.Current.IsWord("AS"))
        {
            lexer.Next();
            return parser.ReadName("an alias").Text;
        }

        return lexer.Current.Kind == QueryTokenKind.Name && !lexer.Current.IsWord("WHERE") ? lexer.Next().Text : null;
    }

    private static void Expect(QueryLexer lexer, string word)
    {
        QueryToken token = lexer.Next();
        if (!token.IsWord(word))
        {
            throw QueryLexer.Error(token, word);
        }
    }
}
