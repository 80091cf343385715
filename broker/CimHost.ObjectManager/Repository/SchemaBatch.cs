using CimHost.Sdk.Cim;

namespace CimHost.ObjectManager.Repository;

/// <summary>What one compilation brings into a namespace.</summary>
/// <param name="Namespace">Namespace; made when it does not exist.</param>
/// <param name="Qualifiers">Qualifier declarations.</param>
/// <param name="Classes">Class declarations, superclasses first.</param>
/// <param name="Instances">Instances; those that exist already are replaced.</param>
public sealed record SchemaBatch(
    string Namespace,
    IReadOnlyList<CimQualifierDeclaration> Qualifiers,
    IReadOnlyList<CimClass> Classes,
    IReadOnlyList<CimInstance> Instances);
