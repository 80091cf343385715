using System.Globalization;
using CimHost.Sdk.Cim;

namespace CimHost.ObjectManager.Query.Parsing;

/// <summary>
/// Reads <c>SELECT list FROM class [WHERE …]</c>, and in CQL (DSP0202) <c>SELECT [FIRST n] [DISTINCT] list FROM class [[AS] alias], …
/// [WHERE …] [ORDER BY value [ASC | DESC], …]</c>.
/// </summary>
internal sealed class SelectParser
{
    /// <summary>Classes that one query selects from at most.</summary>
    public const int MaxSources = 4;

    private const int MaxSortKeys = 8;

    private readonly QueryLexer _lexer;
    private readonly QueryDialect _dialect;
    private readonly bool _isFilter;
    private readonly QueryOperandParser _operands;

    /// <summary>Begins to read.</summary>
    /// <param name="text">The query.</param>
    /// <param name="dialect">WQL or CQL.</param>
    /// <param name="isFilter">True for a filter of indications, which come one by one: there is nothing to sort or to compare them with.</param>
    /// <param name="isSubclassOf">Whether a class (first) is another (second) or below it, for ISA; null: only the class itself is.</param>
    /// <exception cref="CimException">CIM_ERR_INVALID_QUERY.</exception>
    public SelectParser(string text, QueryDialect dialect, bool isFilter, Func<string, string, bool>? isSubclassOf)
    {
        _lexer = new QueryLexer(text);
        _dialect = dialect;
        _isFilter = isFilter;
        _operands = new QueryOperandParser(_lexer, dialect, isSubclassOf);
    }

    private bool IsCql => _dialect == QueryDialect.Cql;

    /// <summary>Reads the query to its end.</summary>
    /// <exception cref="CimException">CIM_ERR_QUERY_FEATURE_NOT_SUPPORTED, or CIM_ERR_INVALID_QUERY with the position.</exception>
    public SelectQuery Read()
    {
        _lexer.ExpectWord("SELECT");
        int? first = IsCql && TryResultSetWord("FIRST") ? ReadCount() : null;
        bool isDistinct = IsCql && TryResultSetWord("DISTINCT");
        List<QuerySelected>? selected = ReadSelectList();
        _lexer.ExpectWord("FROM");
        List<QuerySource> sources = ReadSources();
        QueryCondition? condition = null;
        var conditions = new QueryConditionParser(_lexer, _dialect, _operands);
        if (_lexer.Current.IsWord("WHERE"))
        {
            _lexer.Next();
            condition = conditions.ReadCondition();
        }

        List<QuerySortKey> order = IsCql && TryResultSetWord("ORDER") ? ReadOrder(selected) : [];
        if (condition is not null)
        {
            conditions.ExpectEnd();
        }
        else if (_lexer.Current.Kind != QueryTokenKind.End)
        {
            throw QueryLexer.Error(_lexer.Current, order.Count > 0 ? "the end of the query" : "WHERE or the end of the query");
        }

        if (IsCql)
        {
            foreach (QueryProperty property in _operands.Properties)
            {
                property.Qualify(sources);
            }
        }

        return new SelectQuery(sources, selected, condition) { Dialect = _dialect, IsDistinct = isDistinct, First = first, Order = order };
    }

    private bool TryResultSetWord(string word)
    {
        if (!_lexer.Current.IsWord(word))
        {
            return false;
        }

        return _isFilter
            ? throw _lexer.Current.NotSupported($"{word} is for queries; the indications of a filter come one by one.")
            : _lexer.Next().IsWord(word);
    }

    private int ReadCount()
    {
        QueryToken token = _lexer.Next();
        return token.Kind == QueryTokenKind.Number && int.TryParse(token.Text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0
            ? count
            : throw QueryLexer.Error(token, "a number of instances");
    }

    private List<QuerySelected>? ReadSelectList()
    {
        if (_lexer.Current.IsSymbol("*"))
        {
            _lexer.Next();
            return null;
        }

        List<QuerySelected> entries = [ReadSelected()];
        while (_lexer.Current.IsSymbol(","))
        {
            _lexer.Next();
            entries.Add(ReadSelected());
        }

        return entries;
    }

    // A property, or Class.* for all of the class (CQL); in CQL also a value AS a property.
    private QuerySelected ReadSelected()
    {
        if (!IsCql)
        {
            return new QuerySelected(_operands.ReadProperty(), null);
        }

        QueryOperand operand = _operands.ReadOperand(allowStar: true);
        if (!_lexer.Current.IsWord("AS"))
        {
            return operand is QueryProperty ? new QuerySelected(operand, null) : throw QueryLexer.Error(_lexer.Current, "AS and a property name");
        }

        _lexer.Next();
        return new QuerySelected(operand, _operands.ReadName("a property name"));
    }

    private List<QuerySource> ReadSources()
    {
        List<QuerySource> sources = [ReadSource()];
        while (IsCql && _lexer.Current.IsSymbol(","))
        {
            QueryToken comma = _lexer.Next();
            if (sources.Count == MaxSources)
            {
                throw comma.NotSupported($"a query selects from at most {MaxSources} classes here.");
            }

            QuerySource source = ReadSource();
            QueryToken name = source.Alias ?? source.ClassName;
            if (sources.Exists(s => name.IsWord((s.Alias ?? s.ClassName).Text)))
            {
                throw name.Invalid($"there are two {name.Text} in FROM; give each an alias of its own.");
            }

            sources.Add(source);
        }

        return sources;
    }

    private QuerySource ReadSource()
    {
        QueryToken className = _operands.ReadName("a class name");
        if (!IsCql)
        {
            return new QuerySource(className, null);
        }

        if (_lexer.Current.IsWord("AS"))
        {
            _lexer.Next();
            return new QuerySource(className, _operands.ReadName("an alias"));
        }

        bool isAlias = _lexer.Current.Kind == QueryTokenKind.Name && !_lexer.Current.IsWord("WHERE") && !_lexer.Current.IsWord("ORDER");
        return new QuerySource(className, isAlias ? _lexer.Next() : null);
    }

    private List<QuerySortKey> ReadOrder(List<QuerySelected>? selected)
    {
        _lexer.ExpectWord("BY");
        List<QuerySortKey> keys = [ReadSortKey(selected)];
        while (_lexer.Current.IsSymbol(","))
        {
            QueryToken comma = _lexer.Next();
            keys.Add(keys.Count < MaxSortKeys ? ReadSortKey(selected) : throw comma.NotSupported($"a query is ordered by at most {MaxSortKeys} values here."));
        }

        return keys;
    }

    private QuerySortKey ReadSortKey(List<QuerySelected>? selected)
    {
        QueryOperand operand = _operands.ReadOperand();
        if (operand is QueryProperty { IsPlainName: true } name && selected?.FindIndex(s => s.Target?.IsWord(name.First.Text) == true) is { } index and >= 0)
        {
            operand = selected[index].Operand;
        }

        bool isDescending = _lexer.Current.IsWord("DESC");
        if (isDescending || _lexer.Current.IsWord("ASC"))
        {
            _lexer.Next();
        }

        return new QuerySortKey(operand, isDescending);
    }
}
