using CimHost.Sdk.Cim;

namespace CimHost.ObjectManager.Query;

/// <summary>A query of the form <c>SELECT … FROM class [WHERE …]</c> in WQL.</summary>
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

    /// <summary>Reads a query.</summary>
    /// <exception cref="CimException">CIM_ERR_QUERY_LANGUAGE_NOT_SUPPORTED, or CIM_ERR_INVALID_QUERY with the position.</exception>
    public static SelectQuery Parse(string language, string text)
    {
        if (!string.Equals(language, "WQL", StringComparison.OrdinalIgnoreCase))
        {
            throw new CimException(CimStatusCode.QueryLanguageNotSupported, $"Queries are written in WQL; '{language}' is not supported.");
        }

        var lexer = new QueryLexer(text);
        var parser = new QueryParser(lexer, QueryDialect.Wql);
        Expect(lexer, "SELECT");
        List<string>? propertyList = ReadSelectList(lexer, parser);
        Expect(lexer, "FROM");
        QueryToken className = parser.ReadName("a class name");
        QueryCondition? condition = null;
        if (lexer.Current.IsWord("WHERE"))
        {
            lexer.Next();
            condition = parser.ReadCondition();
            parser.ExpectEnd();
        }
        else if (lexer.Current.Kind != QueryTokenKind.End)
        {
            throw QueryLexer.Error(lexer.Current, "WHERE or the end of the query");
        }

        return new SelectQuery(className.Text, propertyList, condition, parser.Properties);
    }

    /// <summary>Checks the property names against the class.</summary>
    /// <exception cref="CimException">CIM_ERR_INVALID_QUERY with the position.</exception>
    public void Bind(CimClass cimClass)
    {
        foreach (QueryProperty property in _properties.Where(p => !p.Name.StartsWith("__", StringComparison.Ordinal)))
        {
            property.Bind(cimClass);
        }
    }

    /// <summary>True when the instance meets the condition.</summary>
    public bool Matches(CimInstance instance) => _condition is null || _condition.Evaluate(instance) == true;

    private static List<string>? ReadSelectList(QueryLexer lexer, QueryParser parser)
    {
        if (lexer.Current.IsSymbol("*"))
        {
            lexer.Next();
            return null;
        }

        List<string> names = [parser.ReadProperty().Name];
        while (lexer.Current.IsSymbol(","))
        {
            lexer.Next();
            names.Add(parser.ReadProperty().Name);
        }

        return names;
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
