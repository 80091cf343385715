using System.Runtime.Loader;
using CimHost.Sdk.Providers;

namespace CimHost.ObjectManager.Providers;

/// <summary>A provider package found on this host, whether it works or not.</summary>
public sealed class ProviderPackage
{
    internal ProviderPackage(string folder, PackageManifest? manifest)
    {
        Folder = folder;
        Manifest = manifest;
    }

    /// <summary>Folder of the package; empty for the host's own providers.</summary>
    public string Folder { get; }

    /// <summary>Name: the manifest's, or the folder's when there is no manifest to ask.</summary>
    public string Name => Manifest?.Name ?? Path.GetFileName(Folder);

    /// <summary>The manifest; null when it could not be read.</summary>
    public PackageManifest? Manifest { get; }

    /// <summary>What became of it.</summary>
    public PackageStatus Status { get; internal set; } = PackageStatus.Loaded;

    /// <summary>Why it does not work, in a sentence; empty when it does.</summary>
    public string StatusText { get; internal set; } = string.Empty;

    /// <summary>Its providers.</summary>
    public IReadOnlyList<ProviderRegistration> Providers { get; internal set; } = [];

    // Owns the providers; those that are disposable are disposed with it.
    internal IDisposable? Container { get; set; }

    internal AssemblyLoadContext? LoadContext { get; set; }
}
