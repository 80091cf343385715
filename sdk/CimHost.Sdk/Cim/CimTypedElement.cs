namespace CimHost.Sdk.Cim;

/// <summary>What properties and parameters have in common: a name, a type and qualifiers.</summary>
public abstract record CimTypedElement : ICimNamed
{
    /// <summary>Name in the case of its declaration.</summary>
    public required string Name { get; init; }

    /// <summary>Declared type. Properties with EmbeddedInstance or EmbeddedObject have type Instance.</summary>
    public required CimType CimType { get; init; }

    /// <summary>Class that a reference names; null for other types.</summary>
    public string? ReferenceClassName { get; init; }

    /// <summary>Class of an embedded instance; the empty string for an embedded object of any class; null for other types.</summary>
    public string? EmbeddedClassName { get; init; }

    /// <summary>Size of a fixed array; 0 when not fixed or no array.</summary>
    public int ArraySize { get; init; }

    /// <summary>Qualifiers.</summary>
    public CimNamedList<CimQualifier> Qualifiers { get; init; } = CimNamedList<CimQualifier>.Empty;

    /// <summary>Value of a boolean qualifier; false when it is absent.</summary>
    public bool HasQualifier(string name) => Qualifiers[name]?.Value.AsBoolean() ?? false;
}
