using CimHost.Sdk.Cim;

namespace CimHost.Wbem.Mof;

/// <summary>What a compilation starts from.</summary>
public sealed record MofCompilerOptions
{
    /// <summary>Namespace for what no <c>#pragma namespace</c> puts elsewhere.</summary>
    public string Namespace { get; init; } = "root/cimv2";

    /// <summary>Finds a class (namespace, name) that exists already, resolved; null when there is none.</summary>
    public Func<string, string, CimClass?> FindClass { get; init; } = static (_, _) => null;

    /// <summary>Finds a qualifier declaration (namespace, name) that exists already; null when there is none.</summary>
    public Func<string, string, CimQualifierDeclaration?> FindQualifier { get; init; } = static (_, _) => null;
}
