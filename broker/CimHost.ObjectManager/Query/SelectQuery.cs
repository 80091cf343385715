using CimHost.Sdk.Cim;

namespace CimHost.ObjectManager.Query;

/// <summary>A query of the form <c>SELECT … FROM class [WHERE …]</c> in WQL or CQL.</summary>
internal sealed class SelectQuery
{
    private readonly QueryCondition? _condition;
    private readonly IReadOnlyList<QueryProperty> _properties;

    private SelectQuery(string className, IReadOnlyList<string>? propertyList, QueryCondition? condition, IReadOnlyList<QueryProperty> properties)
    {
        ClassName = className;
        PropertyList = propertyList;
        _condition = condition;
        _properties = properties;
    }

    /// <summary>The class after FROM.</summary>
    public string ClassName { get; }

    /// <summary>The properties after SELECT; null for *.</summary>
    public IReadOnlyList<string>? PropertyList { get; }

    /// <summary>A class with the properties selected only, in the order of the query: what people who name columns expect to see.</summary>
    public CimClass Shape(CimClass cimClass) => PropertyList is null
        ? cimClass
        : cimClass.WithProperties(PropertyList
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .Select(name => cimClass.IndexOf(name))
            .Where(index => index >= 0)
            .Select(index => cimClass.CimClassProperties[index]));

    /// <summary>Reads a query.</summary>
    /// <param name="language">"WQL", or "DMTF:CQL" (or "CQL") for its queries over one class.</param>
    /// <param name="text">The query.</param>
    /// <param name="isSubclassOf">Whether a class (first) is another (second) or below it, for ISA.</param>
    /// <exception cref="CimException">CIM_ERR_QUERY_LANGUAGE_NOT_SUPPORTED, CIM_ERR_QUERY_FEATURE_NOT_SUPPORTED, or CIM_ERR_INVALID_QUERY with the position.</exception>
    public static SelectQuery Parse(string language, string text, Func<string, string, bool>? isSubclassOf = null)
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
        List<QueryProperty>? selected = ReadSelectList(lexer, parser);
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

        bool everything = selected is null || selected.Any(p => p.IsWholeInstance);
        return new SelectQuery(className.Text, everything ? null : selected!.ConvertAll(p => p.Name), condition, parser.Properties);
    }

    /// <summary>Checks the property names against the class.</summary>
    /// <exception cref="CimException">CIM_ERR_INVALID_QUERY with the position.</exception>
    public void Bind(CimClass cimClass)
    {
        foreach (QueryProperty property in _properties.Where(p => !p.IsSystem))
        {
            property.Bind(cimClass);
        }
    }

    /// <summary>True when the instance meets the condition.</summary>
    public bool Matches(CimInstance instance) => _condition is null || _condition.Evaluate(instance) == true;

    private static List<QueryProperty>? ReadSelectList(QueryLexer lexer, QueryParser parser)
    {
        if (lexer.Current.IsSymbol("*"))
        {
            lexer.Next();
            return null;
        }

        List<QueryProperty> properties = [parser.ReadSelected()];
        while (lexer.Current.IsSymbol(","))
        {
            lexer.Next();
            properties.Add(parser.ReadSelected());
        }

        return properties;
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
