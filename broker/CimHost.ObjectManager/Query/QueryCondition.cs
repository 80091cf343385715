using System.Text.RegularExpressions;
using CimHost.ObjectManager.Query.Parsing;
using CimHost.Sdk.Cim;

namespace CimHost.ObjectManager.Query;

/// <summary>A condition over an instance, or over the instances of a join, in three-valued logic: null is "unknown" (a NULL was compared).</summary>
internal abstract class QueryCondition
{
    /// <summary>The entries of FROM that the condition is about, one bit each; known after <see cref="Bind"/>.</summary>
    public abstract int Sources { get; }

    /// <summary>Whether the row meets the condition.</summary>
    public abstract bool? Evaluate(QueryRow row);

    /// <summary>Checks the names against the classes.</summary>
    /// <exception cref="CimException">CIM_ERR_INVALID_QUERY with the position.</exception>
    public abstract void Bind(QueryBinding binding);
}

/// <summary>AND.</summary>
internal sealed class AndCondition(QueryCondition left, QueryCondition right) : QueryCondition
{
    public override int Sources => left.Sources | right.Sources;

    public QueryCondition Left => left;

    public QueryCondition Right => right;

    public override bool? Evaluate(QueryRow row)
    {
        bool? first = left.Evaluate(row);
        return first == false ? false : first & right.Evaluate(row);
    }

    public override void Bind(QueryBinding binding)
    {
        left.Bind(binding);
        right.Bind(binding);
    }
}

/// <summary>OR.</summary>
internal sealed class OrCondition(QueryCondition left, QueryCondition right) : QueryCondition
{
    public override int Sources => left.Sources | right.Sources;

    public QueryCondition Left => left;

    public QueryCondition Right => right;

    public override bool? Evaluate(QueryRow row)
    {
        bool? first = left.Evaluate(row);
        return first == true ? true : first | right.Evaluate(row);
    }

    public override void Bind(QueryBinding binding)
    {
        left.Bind(binding);
        right.Bind(binding);
    }
}

/// <summary>NOT.</summary>
internal sealed class NotCondition(QueryCondition operand) : QueryCondition
{
    public override int Sources => operand.Sources;

    public override bool? Evaluate(QueryRow row) => !operand.Evaluate(row);

    public override void Bind(QueryBinding binding) => operand.Bind(binding);
}

/// <summary>IS NULL.</summary>
internal sealed class IsNullCondition(QueryOperand operand) : QueryCondition
{
    public override int Sources => operand.Sources;

    public override bool? Evaluate(QueryRow row) => operand.Evaluate(row).IsNull;

    public override void Bind(QueryBinding binding) => operand.Bind(binding);
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
    public QueryOperand Left => left;

    public ArrayQuantifier Quantifier => quantifier;

    public override int Sources => left.Sources;

    public override bool? Evaluate(QueryRow row)
    {
        CimValue value = left.Evaluate(row);
        if (!value.IsArray || quantifier == ArrayQuantifier.None)
        {
            return Test(value, row);
        }

        bool every = quantifier == ArrayQuantifier.Every;
        for (int i = 0; i < value.Count; i++)
        {
            if (Test(value[i], row) == !every)
            {
                return !every;
            }
        }

        return every;
    }

    public override void Bind(QueryBinding binding) => left.Bind(binding);

    protected abstract bool? Test(CimValue value, QueryRow row);
}

/// <summary>A comparison with =, &lt;&gt;, &lt;, &lt;=, &gt; or &gt;=.</summary>
internal sealed class CompareCondition(QueryOperand left, string symbol, QueryOperand right, ArrayQuantifier quantifier, StringComparison text) : ElementCondition(left, quantifier)
{
    public QueryOperand Right => right;

    /// <summary>True for = of two values.</summary>
    public bool IsEquality => symbol == "=" && Quantifier == ArrayQuantifier.None;

    public override int Sources => base.Sources | right.Sources;

    public override void Bind(QueryBinding binding)
    {
        base.Bind(binding);
        right.Bind(binding);
        foreach (QueryOperand operand in (QueryOperand[])[Left, right])
        {
            if (operand is QueryProperty { IsWholeInstance: true } instance)
            {
                throw instance.First.Invalid($"{instance.First.Text} is an instance and no value; its path is OBJECTPATH({instance.First.Text}).");
            }
        }
    }

    protected override bool? Test(CimValue value, QueryRow row)
    {
        CimValue other = right.Evaluate(row);
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
    protected override bool? Test(CimValue value, QueryRow row) => value.IsNull ? null : pattern.IsMatch(value.ToString());
}

/// <summary>ISA: an embedded instance, the object that a reference names, or the instance at hand, is of a class or of one below it.</summary>
internal sealed class IsaCondition(QueryOperand operand, QueryToken className, Func<string, string, bool> isSubclassOf) : QueryCondition
{
    public QueryOperand Operand => operand;

    public string ClassName => className.Text;

    public override int Sources => operand.Sources;

    public override bool? Evaluate(QueryRow row)
    {
        CimValue value = operand.Evaluate(row);
        string? subject = value.AsInstance()?.ClassName ?? value.AsClass()?.ClassName ?? value.AsReference()?.ClassName;
        return subject is null ? null : isSubclassOf(subject, className.Text);
    }

    public override void Bind(QueryBinding binding)
    {
        operand.Bind(binding);
        binding.Require(className);
    }
}

/// <summary>ANY or EVERY variable IN array SATISFIES (condition) (DSP0202, Satisfies Array). Of an empty array EVERY holds and ANY does not.</summary>
internal sealed class SatisfiesCondition(string variable, QueryOperand array, QueryCondition condition, bool every) : QueryCondition
{
    public override int Sources => array.Sources | condition.Sources;

    public override bool? Evaluate(QueryRow row)
    {
        CimValue value = array.Evaluate(row);
        if (value.IsNull)
        {
            return null;
        }

        bool unknown = false;
        for (int i = 0; i < value.Count; i++)
        {
            bool? holds = condition.Evaluate(row.With(variable, value[i]));
            if (holds == !every)
            {
                return !every;
            }

            unknown |= holds is null;
        }

        return unknown ? null : every;
    }

    public override void Bind(QueryBinding binding)
    {
        array.Bind(binding);
        condition.Bind(binding);
    }
}
