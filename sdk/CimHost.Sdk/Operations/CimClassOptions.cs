namespace CimHost.Sdk.Operations;

/// <summary>What GetClass and EnumerateClasses return of a class (DSP0200 §5.4.2.1).</summary>
public sealed record CimClassOptions
{
    /// <summary>Everything: inherited elements and qualifiers.</summary>
    public static CimClassOptions Full { get; } = new();

    /// <summary>True: only what the class itself declares or overrides.</summary>
    public bool LocalOnly { get; init; }

    /// <summary>True: with qualifiers.</summary>
    public bool IncludeQualifiers { get; init; } = true;

    /// <summary>True: every element says in which class it was declared.</summary>
    public bool IncludeClassOrigin { get; init; }

    /// <summary>Only these properties; null for all.</summary>
    public IReadOnlyList<string>? PropertyList { get; init; }
}
