namespace CimHost.Sdk.Cim;

/// <summary>A property as a class declares it.</summary>
public sealed record CimPropertyDeclaration : CimTypedElement
{
    /// <summary>Value of an instance that was given none.</summary>
    public CimValue DefaultValue { get; init; }

    /// <summary>Class in which the property was first declared (or overridden); empty in a class that is not resolved yet.</summary>
    public string ClassOrigin { get; init; } = string.Empty;

    /// <summary>True when the class has it from its superclass unchanged.</summary>
    public bool IsPropagated { get; init; }

    /// <summary>True for a key property.</summary>
    public bool IsKey => HasQualifier("Key");
}
