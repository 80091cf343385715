using System.Text.RegularExpressions;
using CimHost.Sdk.Cim;

namespace CimHost.ObjectManager.Query;

/// <summary>A condition over an instance, in three-valued logic: null is "unknown" (a NULL was compared).</summary>
internal abstract class QueryCondition
{
    /// <summary>Whether the instance meets the condition.</summary>
    public abstract bool? Evaluate(CimInstance instance);
}

/// <summary>AND.</summary>
internal sealed class AndCondition(QueryCondition left, QueryCondition right) : QueryCondition
{
    public override bool? Evaluate(CimInstance instance)
    {
        bool? first = left.Evaluate(instance);
        return first == false ? false : first & right.Evaluate(instance);
    }
}

/// <summary>OR.</summary>
internal sealed class OrCondition(QueryCondition left, QueryCondition right) : QueryCondition
{
    public override bool? Evaluate(CimInstance instance)
    {
        bool? first = left.Evaluate(instance);
        return first == true ? true : first | right.Evaluate(instance);
    }
}

/// <summary>NOT.</summary>
internal sealed class NotCondition(QueryCondition operand) : QueryCondition
{
    public override bool? Evaluate(CimInstance instance) => !operand.Evaluate(instance);
}

/// <summary>IS NULL.</summary>
internal sealed class IsNullCondition(QueryOperand operand) : QueryCondition
{
    public override bool? Evaluate(CimInstance instance) => operand.Evaluate(instance).IsNull;
}

/// <summary>How an array takes part in a comparison.</summary>
internal enum ArrayQuantifier
{
    None,
    Any,
    Every,
}

/// <summary>A test of one value or, with ANY or EVERY, of the elements of an array.</summary>
internal abstract class ElementCondition(QueryOperand left, ArrayQuantifier quantifier) : QueryCondition
{
    public override bool? Evaluate(CimInstance instance)
    {
        CimValue value = left.Evaluate(instance);
        if (!value.IsArray || quantifier == ArrayQuantifier.None)
        {
            return Test(value, instance);
        }

        bool every = quantifier == ArrayQuantifier.Every;
        for (int i = 0; i < value.Count; i++)
        {
            if (Test(value[i], instance) == !every)
            {
                return !every;
            }
        }

        return every;
    }

    protected abstract bool? Test(CimValue value, CimInstance instance);
}

/// <summary>A comparison with =, &lt;&gt;, &lt;, &lt;=, &gt; or &gt;=.</summary>
internal sealed class CompareCondition(QueryOperand left, string symbol, QueryOperand right, ArrayQuantifier quantifier, StringComparison text) : ElementCondition(left, quantifier)
{
    protected override bool? Test(CimValue value, CimInstance instance)
    {
        CimValue other = right.Evaluate(instance);
        if (value.IsNull || other.IsNull)
        {
            return null;
        }

        // A whole array against a scalar, without ANY or EVERY, is what WQL's clients write for "contains".
        if (value.IsArray && !other.IsArray)
        {
            bool contains = Enumerable.Range(0, value.Count).Any(i => QueryComparer.Compare(value[i], other, text) == 0);
            return symbol == "=" ? contains : symbol == "<>" ? !contains : null;
        }

        return QueryComparer.Compare(value, other, text) is not { } order ? symbol == "<>" : symbol switch
        {
            "=" => order == 0,
            "<>" => order != 0,
            "<" => order < 0,
            "<=" => order <= 0,
            ">" => order > 0,
            _ => order >= 0,
        };
    }
}

/// <summary>LIKE.</summary>
internal sealed class LikeCondition(QueryOperand left, Regex pattern, ArrayQuantifier quantifier) : ElementCondition(left, quantifier)
{
    protected override bool? Test(CimValue value, CimInstance instance) => value.IsNull ? null : pattern.IsMatch(value.ToString());
}

/// <summary>ISA: an embedded instance, or the instance at hand, is of a class or of one below it.</summary>
internal sealed class IsaCondition(QueryOperand operand, string className, Func<string, string, bool> isSubclassOf) : QueryCondition
{
    public override bool? Evaluate(CimInstance instance)
    {
        CimInstance? subject = operand is QueryProperty { IsWholeInstance: true } ? instance : operand.Evaluate(instance).AsInstance();
        return subject is null ? null : isSubclassOf(subject.ClassName, className);
    }
}
