using CimHost.ObjectManager.Query.Parsing;

namespace CimHost.ObjectManager.Query;

/// <summary>An entry of a select list.</summary>
/// <param name="Operand">A property; with a name behind AS any value.</param>
/// <param name="Target">The property of the result that takes the value; null: the one selected.</param>
internal readonly record struct QuerySelected(QueryOperand Operand, QueryToken? Target);
