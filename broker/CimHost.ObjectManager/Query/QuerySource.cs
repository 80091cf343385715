using CimHost.ObjectManager.Query.Parsing;

namespace CimHost.ObjectManager.Query;

/// <summary>An entry of FROM.</summary>
/// <param name="ClassName">The class.</param>
/// <param name="Alias">The name that the query gives it; null when it has none.</param>
internal readonly record struct QuerySource(QueryToken ClassName, QueryToken? Alias);
