using CimHost.Sdk.Cim;

namespace CimHost.ObjectManager.Query.Parsing;

/// <summary>Reads conditions: OR of AND of NOT of comparisons, with parentheses. Depth is bounded.</summary>
internal sealed class QueryConditionParser(QueryLexer lexer, QueryDialect dialect, QueryOperandParser operands)
{
    private const int MaxDepth = 64;
    private const int MaxComparisons = 1000;

    private int _depth;
    private int _comparisons;

    private StringComparison Text => dialect == QueryDialect.Wql ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    /// <summary>Reads a condition up to a word that does not belong to it.</summary>
    public QueryCondition ReadCondition()
    {
        if (++_depth > MaxDepth)
        {
            throw lexer.Current.Invalid($"conditions are nested deeper than {MaxDepth}.");
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
            lexer.Expect(")");
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
        QueryOperand left = operands.ReadOperand();
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
                ? new IsaCondition(left, className, operands.IsSubclassOf)
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
        QueryOperand right = operands.ReadOperand();
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
        lexer.Next();
        QueryProperty array = operands.ReadProperty();
        QueryToken word = lexer.Next();
        if (!word.IsWord("SATISFIES"))
        {
            throw QueryLexer.Error(word, "SATISFIES");
        }

        lexer.Expect("(");
        operands.Declare(variable);
        QueryCondition condition = ReadCondition();
        operands.Forget();
        lexer.Expect(")");
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
}
