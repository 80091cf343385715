namespace CimHost.ObjectManager.Providers;

/// <summary>What became of a provider package. The numbers are the values of CimHost_ProviderPackage.Status.</summary>
public enum PackageStatus
{
    /// <summary>Loaded and serving.</summary>
    Loaded = 2,

    /// <summary>provider.json is missing, unreadable or wrong.</summary>
    ManifestInvalid = 3,

    /// <summary>The package was built for another version of the provider contract.</summary>
    AbiMismatch = 4,

    /// <summary>The assembly is missing, no .NET assembly, or cannot be loaded.</summary>
    AssemblyInvalid = 5,

    /// <summary>A MOF file does not compile or contradicts the schema.</summary>
    SchemaInvalid = 6,

    /// <summary>The assembly exports no provider, or a provider could not be constructed.</summary>
    CompositionFailed = 7,

    /// <summary>Its service was stopped.</summary>
    Stopped = 8,
}
