using CimHost.Sdk.Cim;

namespace CimHost.ObjectManager.Query;

/// <summary>Which of the languages is read; they share one grammar of conditions.</summary>
internal enum QueryDialect
{
    /// <summary>WQL: text compares in any case, LIKE has % and _.</summary>
    Wql,

    /// <summary>FQL (DSP0212): text compares exactly, LIKE takes a regular expression, ANY and EVERY quantify arrays.</summary>
    Fql,

    /// <summary>CQL (DSP0202): as FQL, with ISA, functions, arithmetic, and names qualified by the class or its alias.</summary>
    Cql,
}

/// <summary>Reads conditions: OR of AND of NOT of comparisons, with parentheses. Depth is bounded.</summary>
internal sealed class QueryParser(QueryLexer lexer, QueryDialect dialect, Func<string, string, bool>? isSubclassOf = null)
{
    private const int MaxDepth = 64;
    private const int MaxComparisons = 1000;
    private const int MaxIndex = 1_000_000;

    private readonly List<QueryProperty> _properties = [];
    private readonly List<string> _variables = [];
    private readonly Func<string, string, bool> _isSubclassOf = isSubclassOf ?? EqualNames;
    private int _depth;
    private int _comparisons;

    /// <summary>The properties that were named, to be checked against the class.</summary>
    public IReadOnlyList<QueryProperty> Properties => _properties;

    private StringComparison Text => dialect == QueryDialect.Wql ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    /// <summary>Reads a condition up to a word that does not belong to it.</summary>
    public QueryCondition ReadCondition()
    {
        if (++_depth > MaxDepth)
        {
            throw new CimException(CimStatusCode.InvalidQuery, $"Character {lexer.Current.Position} of the query: conditions are nested deeper than {MaxDepth}.");
        }

        QueryCondition condition = ReadAnd();
        while (lexer.Current.IsWord("OR"))
        {
            lexer.Next();
            condition = new OrCondition(condition, ReadAnd());
        }

        _depth--;
        return condition;
    }

    /// <summary>Makes sure that nothing is left.</summary>
    public void ExpectEnd()
    {
        if (lexer.Current.Kind != QueryTokenKind.End)
        {
            throw QueryLexer.Error(lexer.Current, "AND, OR or the end of the query");
        }
    }

    /// <summary>Reads a property name with dots, scopes and indexes.</summary>
    public QueryProperty ReadProperty(bool allowStar = false)
    {
        List<QueryStep> steps = [ReadStep()];
        while (lexer.Current.IsSymbol("."))
        {
            lexer.Next();
            if (allowStar && lexer.Current.IsSymbol("*"))
            {
                lexer.Next();
                break;
            }

            if (steps.Count == MaxDepth)
            {
                throw QueryLexer.Error(lexer.Current, $"a name of at most {MaxDepth} parts");
            }

            steps.Add(ReadStep());
        }

        var property = new QueryProperty(steps, _isSubclassOf);
        _properties.Add(property);
        return property;
    }

    /// <summary>Reads what stands in a select list: a property, or <c>Class.*</c> for all of the class (CQL); in CQL also a value AS a property.</summary>
    public QuerySelected ReadSelected()
    {
        if (dialect != QueryDialect.Cql)
        {
            return new QuerySelected(ReadProperty(), null);
        }

        bool isName = lexer.Current.Kind == QueryTokenKind.Name && !lexer.Current.IsWord("TRUE") && !lexer.Current.IsWord("FALSE") && !lexer.Current.IsWord("NULL");
        QueryOperand operand = isName ? ReadNamed(allowStar: true) : ReadOperand();
        if (!lexer.Current.IsWord("AS"))
        {
            return operand is QueryProperty ? new QuerySelected(operand, null) : throw QueryLexer.Error(lexer.Current, "AS and a property name");
        }

        lexer.Next();
        return new QuerySelected(operand, ReadName("a property name"));
    }

    /// <summary>Reads a name.</summary>
    public QueryToken ReadName(string what)
    {
        QueryToken token = lexer.Next();
        return token.Kind == QueryTokenKind.Name ? token : throw QueryLexer.Error(token, what);
    }

    private QueryCondition ReadAnd()
    {
        QueryCondition condition = ReadNot();
        while (lexer.Current.IsWord("AND"))
        {
            lexer.Next();
            condition = new AndCondition(condition, ReadNot());
        }

        return condition;
    }

    private QueryCondition ReadNot()
    {
        bool negate = false;
        while (lexer.Current.IsWord("NOT"))
        {
            lexer.Next();
            negate = !negate;
        }

        QueryCondition condition;
        if (lexer.Current.IsSymbol("("))
        {
            lexer.Next();
            condition = ReadCondition();
            Expect(")");
        }
        else
        {
            condition = ReadComparison();
        }

        return negate ? new NotCondition(condition) : condition;
    }

    private QueryCondition ReadComparison()
    {
        if (++_comparisons > MaxComparisons)
        {
            throw new CimException(CimStatusCode.InvalidQuery, $"The query has more than {MaxComparisons} comparisons.");
        }

        ArrayQuantifier quantifier = ReadQuantifier();
        QueryToken first = lexer.Current;
        QueryOperand left = ReadOperand();
        if (quantifier != ArrayQuantifier.None && dialect == QueryDialect.Cql && lexer.Current.IsWord("IN") && left is QueryProperty { IsPlainName: true } variable)
        {
            return ReadSatisfies(variable, quantifier == ArrayQuantifier.Every);
        }

        if (lexer.Current.IsWord("IS"))
        {
            lexer.Next();
            bool not = lexer.Current.IsWord("NOT");
            if (not)
            {
                lexer.Next();
            }

            QueryToken word = lexer.Next();
            QueryCondition isNull = word.IsWord("NULL") ? new IsNullCondition(left) : throw QueryLexer.Error(word, "NULL");
            return not ? new NotCondition(isNull) : isNull;
        }

        if (dialect != QueryDialect.Fql && lexer.Current.IsWord("ISA"))
        {
            lexer.Next();
            QueryToken className = lexer.Next();
            return className.Kind is QueryTokenKind.Name or QueryTokenKind.Text
                ? new IsaCondition(left, className, _isSubclassOf)
                : throw QueryLexer.Error(className, "a class name");
        }

        bool notLike = lexer.Current.IsWord("NOT");
        if (notLike)
        {
            lexer.Next();
        }

        if (lexer.Current.IsWord("LIKE"))
        {
            lexer.Next();
            QueryToken pattern = lexer.Next();
            if (pattern.Kind != QueryTokenKind.Text)
            {
                throw QueryLexer.Error(pattern, "a pattern in quotes");
            }

            QueryCondition like = new LikeCondition(left, dialect == QueryDialect.Wql ? LikePattern.FromWql(pattern) : LikePattern.FromDmtf(pattern), quantifier);
            return notLike ? new NotCondition(like) : like;
        }

        return notLike ? throw QueryLexer.Error(lexer.Current, "LIKE") : ReadSymbolComparison(left, first, quantifier);
    }

    private QueryCondition ReadSymbolComparison(QueryOperand left, QueryToken first, ArrayQuantifier quantifier)
    {
        QueryToken token = lexer.Current;
        string? symbol = token.Kind != QueryTokenKind.Symbol ? null : token.Text switch
        {
            "==" => "=",
            "!=" => "<>",
            "=" or "<>" or "<" or "<=" or ">" or ">=" => token.Text,
            _ => null,
        };
        if (symbol is null)
        {
            // A boolean property may stand alone (DSP0212).
            return dialect != QueryDialect.Wql && left is QueryProperty or QueryVariable
                ? new CompareCondition(left, "=", new QueryLiteral(true), quantifier, Text)
                : throw QueryLexer.Error(token, dialect == QueryDialect.Fql ? "=, <>, <, <=, >, >=, LIKE or IS" : "=, <>, <, <=, >, >=, LIKE, IS or ISA");
        }

        lexer.Next();
        QueryToken second = lexer.Current;
        QueryOperand right = ReadOperand();
        Relate(left, right);
        Relate(right, left);
        if (left is QueryLiteral && right is QueryLiteral)
        {
            throw QueryLexer.Error(first, "a property on one side of the comparison");
        }

        if ((right is QueryLiteral && second.IsWord("NULL")) || (left is QueryLiteral && first.IsWord("NULL")))
        {
            QueryCondition isNull = new IsNullCondition(left is QueryLiteral ? right : left);
            return symbol == "=" ? isNull : symbol == "<>" ? new NotCondition(isNull) : throw QueryLexer.Error(token, "= or <> before NULL");
        }

        return new CompareCondition(left, symbol, right, quantifier, Text);
    }

    private ArrayQuantifier ReadQuantifier()
    {
        if (dialect == QueryDialect.Wql || !(lexer.Current.IsWord("ANY") || lexer.Current.IsWord("EVERY")))
        {
            return ArrayQuantifier.None;
        }

        return lexer.Next().IsWord("ANY") ? ArrayQuantifier.Any : ArrayQuantifier.Every;
    }

    // ANY x IN array SATISFIES (condition): the variable is known inside the parentheses.
    private SatisfiesCondition ReadSatisfies(QueryProperty variable, bool every)
    {
        _properties.Remove(variable);
        lexer.Next();
        QueryProperty array = ReadProperty();
        QueryToken word = lexer.Next();
        if (!word.IsWord("SATISFIES"))
        {
            throw QueryLexer.Error(word, "SATISFIES");
        }

        Expect("(");
        _variables.Add(variable.First.Text);
        QueryCondition condition = ReadCondition();
        _variables.RemoveAt(_variables.Count - 1);
        Expect(")");
        return new SatisfiesCondition(variable.First.Text, array, condition, every);
    }

    // A symbolic constant that names no property takes the values of the one that it is compared with.
    private static void Relate(QueryOperand left, QueryOperand right)
    {
        if (left is QuerySymbol { Property: null } symbol && right is QueryProperty property)
        {
            symbol.Property = property;
        }
    }

    private QueryOperand ReadOperand()
    {
        QueryOperand operand = ReadTerm();
        for (int i = 0; dialect == QueryDialect.Cql && (lexer.Current.IsSymbol("+") || lexer.Current.IsSymbol("-")); i++)
        {
            RequireShort(i);
            char symbol = lexer.Next().Text[0];
            operand = new QueryArithmetic(operand, symbol, ReadTerm());
        }

        return operand;
    }

    private QueryOperand ReadTerm()
    {
        QueryOperand operand = ReadValue();
        for (int i = 0; dialect == QueryDialect.Cql && (lexer.Current.IsSymbol("*") || lexer.Current.IsSymbol("/")); i++)
        {
            RequireShort(i);
            char symbol = lexer.Next().Text[0];
            operand = new QueryArithmetic(operand, symbol, ReadValue());
        }

        return operand;
    }

    private void RequireShort(int operators)
    {
        if (operators == MaxDepth)
        {
            throw QueryLexer.Error(lexer.Current, $"at most {MaxDepth} operators in a value");
        }
    }

    private QueryOperand ReadValue()
    {
        QueryToken token = lexer.Current;
        switch (token.Kind)
        {
            case QueryTokenKind.Text:
                lexer.Next();
                return new QueryLiteral(token.Text);
            case QueryTokenKind.Number:
                lexer.Next();
                return new QueryLiteral(Number(token, token.Text));
            case QueryTokenKind.Symbol when token.Text is "+" or "-":
                lexer.Next();
                QueryToken number = lexer.Next();
                return number.Kind == QueryTokenKind.Number ? new QueryLiteral(Number(number, token.Text + number.Text)) : throw QueryLexer.Error(number, "a number");
            case QueryTokenKind.Symbol when token.Text == "#" && dialect == QueryDialect.Cql:
                return ReadSymbolicConstant(null);
            case QueryTokenKind.Name when token.IsWord("TRUE") || token.IsWord("FALSE"):
                lexer.Next();
                return new QueryLiteral(token.IsWord("TRUE"));
            case QueryTokenKind.Name when token.IsWord("NULL"):
                lexer.Next();
                return new QueryLiteral(CimValue.Null);
            case QueryTokenKind.Name:
                return ReadNamed(allowStar: false);
            default:
                throw QueryLexer.Error(token, "a property name or a value");
        }
    }

    // What begins with a name: a property, a variable, a function, or a property with a symbolic constant behind it.
    private QueryOperand ReadNamed(bool allowStar)
    {
        QueryProperty property = ReadProperty(allowStar);
        if (dialect != QueryDialect.Cql)
        {
            return property;
        }

        if (property.IsPlainName && lexer.Current.IsSymbol("("))
        {
            _properties.Remove(property);
            return QueryFunction.Create(property.First, ReadArguments());
        }

        if (property.IsPlainName && _variables.Contains(property.First.Text, StringComparer.OrdinalIgnoreCase))
        {
            _properties.Remove(property);
            return new QueryVariable(property.First.Text);
        }

        return lexer.Current.IsSymbol("#") ? ReadSymbolicConstant(property) : property;
    }

    private QuerySymbol ReadSymbolicConstant(QueryProperty? property)
    {
        lexer.Next();
        QueryToken name = lexer.Next();
        return name.Kind == QueryTokenKind.Text ? new QuerySymbol(name) { Property = property } : throw QueryLexer.Error(name, "the name of a value in quotes");
    }

    private List<QueryOperand> ReadArguments()
    {
        if (++_depth > MaxDepth)
        {
            throw new CimException(CimStatusCode.InvalidQuery, $"Character {lexer.Current.Position} of the query: functions are nested deeper than {MaxDepth}.");
        }

        lexer.Next();
        List<QueryOperand> arguments = [];
        while (!lexer.Current.IsSymbol(")"))
        {
            if (arguments.Count > 0)
            {
                Expect(",");
            }

            if (arguments.Count == MaxDepth)
            {
                throw QueryLexer.Error(lexer.Current, "the end of the arguments");
            }

            // COUNT(*) is refused by its name, not by its star.
            if (lexer.Current.IsSymbol("*"))
            {
                lexer.Next();
                continue;
            }

            arguments.Add(ReadOperand());
        }

        lexer.Next();
        _depth--;
        return arguments;
    }

    private QueryStep ReadStep()
    {
        QueryToken name = ReadName("a property name");
        QueryToken? scope = null;
        if (lexer.Current.IsSymbol("::"))
        {
            lexer.Next();
            scope = name;
            name = ReadName("a property name");
        }

        return new QueryStep(name, scope, lexer.Current.IsSymbol("[") ? ReadElements() : null);
    }

    private QueryElements ReadElements()
    {
        lexer.Next();
        if (dialect == QueryDialect.Cql && lexer.Current.IsSymbol("*"))
        {
            lexer.Next();
            Expect("]");
            return new QueryElements([], isOne: false);
        }

        List<(int From, int To)> ranges = [];
        bool isOne = true;
        do
        {
            if (ranges.Count > 0)
            {
                lexer.Next();
                isOne = false;
            }

            if (ranges.Count == MaxDepth)
            {
                throw QueryLexer.Error(lexer.Current, $"at most {MaxDepth} ranges");
            }

            int from = ReadIndex(), to = from;
            if (dialect == QueryDialect.Cql && lexer.Current.IsSymbol(".."))
            {
                lexer.Next();
                to = lexer.Current.IsSymbol("]") || lexer.Current.IsSymbol(",") ? MaxIndex : ReadIndex();
                isOne = false;
            }

            ranges.Add((from, to));
        }
        while (dialect == QueryDialect.Cql && lexer.Current.IsSymbol(","));

        Expect("]");
        return new QueryElements(ranges, isOne);
    }

    private int ReadIndex()
    {
        QueryToken token = lexer.Next();
        return token.Kind == QueryTokenKind.Number && int.TryParse(token.Text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out int number) && number <= MaxIndex
            ? number
            : throw QueryLexer.Error(token, "an array index");
    }

    private static CimValue Number(QueryToken token, string text)
    {
        // DSP0004's binary form: digits and a final b.
        if (text.EndsWith('b') || text.EndsWith('B'))
        {
            string digits = text[..^1].TrimStart('+', '-');
            if (digits.Length is > 0 and <= 63 && digits.All(c => c is '0' or '1'))
            {
                return text[0] == '-' ? -Convert.ToInt64(digits, 2) : Convert.ToInt64(digits, 2);
            }
        }

        return CimValue.TryParse(CimType.SInt64, text, out CimValue value) || CimValue.TryParse(CimType.UInt64, text.TrimStart('+'), out value) || CimValue.TryParse(CimType.Real64, text, out value)
            ? value
            : throw QueryLexer.Error(token, "a number");
    }

    private static bool EqualNames(string className, string ancestor) => string.Equals(className, ancestor, StringComparison.OrdinalIgnoreCase);

    private void Expect(string symbol)
    {
        QueryToken token = lexer.Next();
        if (!token.IsSymbol(symbol))
        {
            throw QueryLexer.Error(token, $"'{symbol}'");
        }
    }
}
