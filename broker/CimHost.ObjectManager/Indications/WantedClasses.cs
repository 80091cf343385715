using CimHost.ObjectManager.Query;

namespace CimHost.ObjectManager.Indications;

/// <summary>Finds in the condition of a lifecycle filter of which classes the source instance must be.</summary>
internal static class WantedClasses
{
    /// <summary>The classes; null when the condition lets instances of any class through.</summary>
    public static IReadOnlyCollection<string>? Of(QueryCondition? condition) => condition switch
    {
        AndCondition and => Of(and.Left) ?? Of(and.Right),
        OrCondition or => Of(or.Left) is { } left && Of(or.Right) is { } right ? [.. left, .. right] : null,
        IsaCondition { Operand: QueryProperty property } isa when string.Equals(property.Name, "SourceInstance", StringComparison.OrdinalIgnoreCase) => [isa.ClassName],
        _ => null,
    };
}
