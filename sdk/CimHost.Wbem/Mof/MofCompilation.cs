using CimHost.Sdk.Cim;

namespace CimHost.Wbem.Mof;

/// <summary>Result of a compilation.</summary>
/// <param name="Diagnostics">Errors and warnings, at most <see cref="MofCompiler.MaxDiagnostics"/>.</param>
/// <param name="Namespaces">What was compiled, by namespace; empty when there was an error.</param>
public sealed record MofCompilation(IReadOnlyList<MofDiagnostic> Diagnostics, IReadOnlyList<MofNamespace> Namespaces)
{
    /// <summary>True when there was no error.</summary>
    public bool Success => Diagnostics.All(d => d.Severity != MofSeverity.Error);
}

/// <summary>What was compiled into one namespace.</summary>
/// <param name="Name">Namespace.</param>
/// <param name="Qualifiers">Qualifier declarations.</param>
/// <param name="Classes">Classes as declared, superclasses first.</param>
/// <param name="Instances">Instances in the shape of their resolved classes.</param>
public sealed record MofNamespace(string Name, IReadOnlyList<CimQualifierDeclaration> Qualifiers, IReadOnlyList<CimClass> Classes, IReadOnlyList<CimInstance> Instances);
