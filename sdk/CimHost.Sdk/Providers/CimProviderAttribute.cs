using System.Composition;

namespace CimHost.Sdk.Providers;

/// <summary>
/// Exports an <see cref="ICimProvider"/> for one or more classes. The object manager finds it in the package's assembly at run time; the
/// constructor may import <see cref="IProviderHost"/> (<c>[ImportingConstructor]</c>) and other exports of the same package.
/// </summary>
[MetadataAttribute]
[AttributeUsage(AttributeTargets.Class)]
public sealed class CimProviderAttribute : ExportAttribute
{
    /// <summary>Exports the provider for these classes.</summary>
    public CimProviderAttribute(params string[] classNames)
        : base(typeof(ICimProvider)) => ClassNames = classNames;

    /// <summary>Classes that the provider serves, each without its subclasses.</summary>
    public string[] ClassNames { get; }

    /// <summary>Namespaces in which it serves them.</summary>
    public string[] Namespaces { get; init; } = ["root/cimv2"];

    /// <summary>For how many seconds the instances may be served again without asking the provider; 0: never.</summary>
    public double MaxAgeSeconds { get; init; }

    /// <summary>After how many seconds a request to the provider is given up; 0: the host's default.</summary>
    public double DeadlineSeconds { get; init; }
}
