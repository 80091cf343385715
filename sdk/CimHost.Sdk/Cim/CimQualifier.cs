namespace CimHost.Sdk.Cim;

/// <summary>A qualifier on a class, property, method or parameter (DSP0004 §5.6).</summary>
/// <param name="Name">Name in the case in which it was declared.</param>
/// <param name="CimType">Declared type; the value may be NULL.</param>
/// <param name="Value">Value.</param>
/// <param name="Flavors">How it travels to subclasses.</param>
/// <param name="IsPropagated">True when it came from the superclass.</param>
public sealed record CimQualifier(
    string Name,
    CimType CimType,
    CimValue Value,
    CimQualifierFlavors Flavors = CimQualifierFlavors.Default,
    bool IsPropagated = false) : ICimNamed;
