namespace CimHost.ObjectManager.Query;

/// <summary>An entry of ORDER BY.</summary>
/// <param name="Operand">The value that orders.</param>
/// <param name="IsDescending">True for DESC.</param>
internal readonly record struct QuerySortKey(QueryOperand Operand, bool IsDescending);
