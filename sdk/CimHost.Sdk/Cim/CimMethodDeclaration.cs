namespace CimHost.Sdk.Cim;

/// <summary>A method as a class declares it.</summary>
public sealed record CimMethodDeclaration : ICimNamed
{
    /// <summary>Name in the case of its declaration.</summary>
    public required string Name { get; init; }

    /// <summary>Type of the return value; never an array.</summary>
    public required CimType ReturnType { get; init; }

    /// <summary>Parameters in order.</summary>
    public CimNamedList<CimParameterDeclaration> Parameters { get; init; } = CimNamedList<CimParameterDeclaration>.Empty;

    /// <summary>Qualifiers.</summary>
    public CimNamedList<CimQualifier> Qualifiers { get; init; } = CimNamedList<CimQualifier>.Empty;

    /// <summary>Class in which the method was first declared (or overridden); empty in a class that is not resolved yet.</summary>
    public string ClassOrigin { get; init; } = string.Empty;

    /// <summary>True when the class has it from its superclass unchanged.</summary>
    public bool IsPropagated { get; init; }
}
