namespace CimHost.Sdk.Operations;

/// <summary>Which associations are followed (DSP0200 §5.4.2.15–18). Null is no restriction.</summary>
public sealed record CimAssociationOptions
{
    /// <summary>No restriction.</summary>
    public static CimAssociationOptions All { get; } = new();

    /// <summary>Association class (or a subclass of it) to follow; also the ResultClass of References.</summary>
    public string? AssociationClass { get; init; }

    /// <summary>Class (or a subclass of it) of the objects at the other end.</summary>
    public string? ResultClass { get; init; }

    /// <summary>Name of the reference property that points at the source.</summary>
    public string? Role { get; init; }

    /// <summary>Name of the reference property that points at the result.</summary>
    public string? ResultRole { get; init; }
}
