namespace CimHost.Sdk.Cim;

/// <summary>Declaration of a qualifier in a namespace (DSP0004 §5.6.2; QUALIFIER.DECLARATION of DSP0201).</summary>
/// <param name="Name">Name.</param>
/// <param name="CimType">Type, possibly an array type.</param>
/// <param name="DefaultValue">Value where the qualifier is given without one; NULL allowed.</param>
/// <param name="Scopes">On what it may stand.</param>
/// <param name="Flavors">How it travels to subclasses.</param>
/// <param name="ArraySize">Size of a fixed array; 0 when not fixed or no array.</param>
public sealed record CimQualifierDeclaration(
    string Name,
    CimType CimType,
    CimValue DefaultValue,
    CimQualifierScopes Scopes,
    CimQualifierFlavors Flavors = CimQualifierFlavors.Default,
    int ArraySize = 0) : ICimNamed;
