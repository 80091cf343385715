using CimHost.ObjectManager.Query.Parsing;
using CimHost.Sdk.Cim;

namespace CimHost.ObjectManager.Query;

/// <summary>A filter over the instances of a class in the DMTF Filter Query Language (DSP0212).</summary>
internal sealed class InstanceFilter
{
    private readonly QueryCondition _condition;

    private InstanceFilter(QueryCondition condition) => _condition = condition;

    /// <summary>Reads a filter and checks its property names; null when there is no filter.</summary>
    /// <exception cref="CimException">CIM_ERR_QUERY_LANGUAGE_NOT_SUPPORTED, or CIM_ERR_INVALID_QUERY with the position.</exception>
    public static InstanceFilter? Create(string? language, string? text, CimClass cimClass)
    {
        if (text is null)
        {
            return null;
        }

        QueryCondition condition = Parse(language, text);
        condition.Bind(new QueryBinding(cimClass));
        return new InstanceFilter(condition);
    }

    /// <summary>Checks what can be checked of a filter before the class of the instances is known: language and syntax.</summary>
    /// <exception cref="CimException">CIM_ERR_QUERY_LANGUAGE_NOT_SUPPORTED, or CIM_ERR_INVALID_QUERY with the position.</exception>
    public static void Check(string? language, string? text)
    {
        if (text is not null)
        {
            Parse(language, text);
        }
    }

    private static QueryCondition Parse(string? language, string text)
    {
        if (!string.Equals(language, "DMTF:FQL", StringComparison.OrdinalIgnoreCase))
        {
            throw new CimException(CimStatusCode.QueryLanguageNotSupported, $"Filters are written in DMTF:FQL; '{language}' is not supported.");
        }

        var lexer = new QueryLexer(text);
        var parser = new QueryConditionParser(lexer, QueryDialect.Fql, new QueryOperandParser(lexer, QueryDialect.Fql));
        QueryCondition condition = parser.ReadCondition();
        parser.ExpectEnd();
        return condition;
    }

    /// <summary>True when the instance passes.</summary>
    public bool Matches(CimInstance instance) => _condition.Evaluate(new QueryRow(instance)) == true;
}
