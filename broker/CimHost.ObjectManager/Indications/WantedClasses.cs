using CimHost.ObjectManager.Query;

namespace CimHost.ObjectManager.Indications;

/// <summary>Finds in the condition of a lifecycle filter of which classes the source instance must be.</summary>
internal static class WantedClasses
{
    /// <summary>The classes; null when the condition lets instances of any class through.</summary>
    public static IReadOnlyCollection<string>? Of(FilterQuery query) => Of(query.Condition, query.Source);

    private static IReadOnlyCollection<string>? Of(QueryCondition? condition, int source) => condition switch
    {
        AndCondition and => Of(and.Left, source) ?? Of(and.Right, source),
        OrCondition or => Of(or.Left, source) is { } left && Of(or.Right, source) is { } right ? [.. left, .. right] : null,
        IsaCondition { Operand: QueryProperty property } isa when property.Source == source && string.Equals(property.Name, "SourceInstance", StringComparison.OrdinalIgnoreCase) => [isa.ClassName],
        _ => null,
    };
}
