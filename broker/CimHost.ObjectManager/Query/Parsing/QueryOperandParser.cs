using System.Globalization;
using CimHost.Sdk.Cim;

namespace CimHost.ObjectManager.Query.Parsing;

/// <summary>Reads values: literals, property names, functions and arithmetic. Depth and length are bounded.</summary>
internal sealed class QueryOperandParser(QueryLexer lexer, QueryDialect dialect, Func<string, string, bool>? isSubclassOf = null)
{
    private const int MaxDepth = 64;
    private const int MaxIndex = 1_000_000;

    private readonly List<QueryProperty> _properties = [];
    private readonly List<string> _variables = [];
    private int _depth;

    /// <summary>The properties that were named so far.</summary>
    public IReadOnlyList<QueryProperty> Properties => _properties;

    /// <summary>Whether a class (first) is another (second) or below it.</summary>
    public Func<string, string, bool> IsSubclassOf { get; } = isSubclassOf ?? EqualNames;

    /// <summary>What was read as a property is a variable from here on (SATISFIES).</summary>
    public void Declare(QueryProperty variable)
    {
        _properties.Remove(variable);
        _variables.Add(variable.First.Text);
    }

    /// <summary>The variable declared last is none any more.</summary>
    public void Forget() => _variables.RemoveAt(_variables.Count - 1);

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

        var property = new QueryProperty(steps, IsSubclassOf);
        _properties.Add(property);
        return property;
    }

    /// <summary>Reads a name.</summary>
    public QueryToken ReadName(string what)
    {
        QueryToken token = lexer.Next();
        return token.Kind == QueryTokenKind.Name ? token : throw QueryLexer.Error(token, what);
    }

    /// <summary>Reads a value: a sum of products in CQL, one value in the other languages.</summary>
    /// <param name="allowStar">True where <c>Class.*</c> may stand for all of the class.</param>
    public QueryOperand ReadOperand(bool allowStar = false)
    {
        QueryOperand operand = ReadTerm(allowStar);
        for (int i = 0; dialect == QueryDialect.Cql && (lexer.Current.IsSymbol("+") || lexer.Current.IsSymbol("-")); i++)
        {
            RequireShort(i);
            char symbol = lexer.Next().Text[0];
            operand = new QueryArithmetic(operand, symbol, ReadTerm(allowStar: false));
        }

        return operand;
    }

    private QueryOperand ReadTerm(bool allowStar)
    {
        QueryOperand operand = ReadValue(allowStar);
        for (int i = 0; dialect == QueryDialect.Cql && (lexer.Current.IsSymbol("*") || lexer.Current.IsSymbol("/")); i++)
        {
            RequireShort(i);
            char symbol = lexer.Next().Text[0];
            operand = new QueryArithmetic(operand, symbol, ReadValue(allowStar: false));
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

    private QueryOperand ReadValue(bool allowStar)
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
                return ReadNamed(allowStar);
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
            throw lexer.Current.Invalid($"functions are nested deeper than {MaxDepth}.");
        }

        lexer.Next();
        List<QueryOperand> arguments = [];
        while (!lexer.Current.IsSymbol(")"))
        {
            if (arguments.Count > 0)
            {
                lexer.Expect(",");
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
            lexer.Expect("]");
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

        lexer.Expect("]");
        return new QueryElements(ranges, isOne);
    }

    private int ReadIndex()
    {
        QueryToken token = lexer.Next();
        return token.Kind == QueryTokenKind.Number && int.TryParse(token.Text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number <= MaxIndex
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
}
