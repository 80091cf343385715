using CimHost.ObjectManager.Schema;
using CimHost.Sdk.Providers;

namespace CimHost.ObjectManager.Providers;

/// <summary>
/// The provider packages of this host, from their folders into service: manifest, assembly, MOF, dispatch. A package that fails at any of
/// these steps keeps its place in the list, with a status, and the others go on.
/// </summary>
public sealed class ProviderPackages
{
    private readonly CimObjectManager _manager;
    private readonly MofInstaller _mof;
    private readonly PackageLoader _loader;
    private volatile IReadOnlyList<ProviderPackage> _all = [];

    /// <summary>Creates the list, empty.</summary>
    public ProviderPackages(CimObjectManager manager, MofInstaller mof, PackageLoader loader)
    {
        _manager = manager;
        _mof = mof;
        _loader = loader;
    }

    /// <summary>Every package that was found, whether it works or not.</summary>
    public IReadOnlyList<ProviderPackage> All => _all;

    /// <summary>Finds the packages in the given folders and takes them into service.</summary>
    /// <param name="folders">Folders whose sub-folders are packages; those that do not exist are passed over.</param>
    /// <param name="host">Makes what the host offers to a package.</param>
    /// <param name="cancellationToken">Ends the start between two packages.</param>
    public async Task StartAsync(IEnumerable<string> folders, Func<ProviderPackage, IProviderHost> host, CancellationToken cancellationToken)
    {
        IReadOnlyList<ProviderPackage> found = _loader.Find(folders);
        _all = [.. _all, .. found];
        foreach (ProviderPackage package in found.Where(p => p.Status == PackageStatus.Loaded))
        {
            cancellationToken.ThrowIfCancellationRequested();
            await StartAsync(package, host(package), cancellationToken);
        }
    }

    /// <summary>Takes a package out of service; false when there is none of that name. Its load context goes when its last request has ended.</summary>
    public bool Stop(string packageName)
    {
        if (_all.FirstOrDefault(p => string.Equals(p.Name, packageName, StringComparison.OrdinalIgnoreCase)) is not { } package)
        {
            return false;
        }

        _manager.RemoveProviders(package.Name);
        PackageLoader.Unload(package);
        _all = [.. _all.Where(p => !ReferenceEquals(p, package))];
        return true;
    }

    private async Task StartAsync(ProviderPackage package, IProviderHost host, CancellationToken cancellationToken)
    {
        _loader.Load(package, host);
        if (package.Status != PackageStatus.Loaded)
        {
            return;
        }

        string? problem = package.Manifest!.Schema.Length == 0
            ? null
            : await _mof.InstallAsync(package.Name, Path.Combine(package.Folder, package.Manifest.Schema), ["root/cimv2"], cancellationToken);
        problem ??= MissingClass(package);
        if (problem is not null)
        {
            PackageLoader.Unload(package);
            _loader.Fail(package, PackageStatus.SchemaInvalid, problem);
            return;
        }

        _manager.AddProviders(package.Providers);
    }

    private string? MissingClass(ProviderPackage package) => package.Providers
        .SelectMany(p => p.Namespaces.SelectMany(ns => p.ClassNames.Select(c => (Provider: p, Namespace: ns, Class: c))))
        .Where(s => _manager.Repository.Schema.FindClass(s.Namespace, s.Class) is null)
        .Select(s => $"{s.Provider.Provider.GetType().Name} serves class {s.Class} in namespace {s.Namespace}, where no MOF declares it.")
        .FirstOrDefault();
}
