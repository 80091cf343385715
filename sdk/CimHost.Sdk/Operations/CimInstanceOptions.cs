namespace CimHost.Sdk.Operations;

/// <summary>What an operation that answers with instances returns of each (DSP0200 §5.4.2.2, §5.4.2.11).</summary>
public sealed record CimInstanceOptions
{
    /// <summary>All properties of all subclasses.</summary>
    public static CimInstanceOptions Full { get; } = new();

    /// <summary>True: instances of subclasses carry the properties of their own class; false: only those of the class asked for.</summary>
    public bool DeepInheritance { get; init; } = true;

    /// <summary>True: every property says in which class it was declared.</summary>
    public bool IncludeClassOrigin { get; init; }

    /// <summary>Only these properties; null for all.</summary>
    public IReadOnlyList<string>? PropertyList { get; init; }

    /// <summary>Query language of <see cref="Filter"/>: "DMTF:FQL" (DSP0212). Null without a filter.</summary>
    public string? FilterLanguage { get; init; }

    /// <summary>Filter over the instances; null for all.</summary>
    public string? Filter { get; init; }
}
