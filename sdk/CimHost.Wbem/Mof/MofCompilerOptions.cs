using CimHost.Sdk.Cim;

namespace CimHost.Wbem.Mof;

/// <summary>What a compilation starts from.</summary>
public sealed record MofCompilerOptions
{
    /// <summary>Namespace for what no <c>#pragma namespace</c> puts elsewhere.</summary>
    public string Namespace { get; init; } = "root/cimv2";

    /// <summary>
    /// Further namespaces that get the same. Instances that a pragma puts into one of these find the classes that are compiled into it.
    /// </summary>
    public IReadOnlyList<string> AlsoInto { get; init; } = [];

    /// <summary>One name for each namespace, where it has several.</summary>
    public Func<string, string> NormalizeNamespace { get; init; } = static name => name;

    /// <summary>Finds a class (namespace, name) that exists already, resolved; null when there is none.</summary>
    public Func<string, string, CimClass?> FindClass { get; init; } = static (_, _) => null;

    /// <summary>Finds a qualifier declaration (namespace, name) that exists already; null when there is none.</summary>
    public Func<string, string, CimQualifierDeclaration?> FindQualifier { get; init; } = static (_, _) => null;
}
