using System.Diagnostics.CodeAnalysis;
using CimHost.ObjectManager.Schema;
using CimHost.Sdk.Providers;

namespace CimHost.ObjectManager.Providers;

/// <summary>
/// The provider packages of this host, from their folders into service: manifest, assembly, MOF, dispatch. A package that fails at any of
/// these steps keeps its place in the list, with a status, and the others go on.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A SemaphoreSlim without a wait handle holds nothing to dispose.")]
public sealed class ProviderPackages
{
    private readonly CimObjectManager _manager;
    private readonly MofInstaller _mof;
    private readonly PackageLoader _loader;
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Creates the list; no package is in service yet.</summary>
    /// <param name="manager">The object manager that they serve.</param>
    /// <param name="mof">Installs their schema.</param>
    /// <param name="loader">Loads them.</param>
    /// <param name="all">The packages of this host, as the loader has found them.</param>
    public ProviderPackages(CimObjectManager manager, MofInstaller mof, PackageLoader loader, IReadOnlyList<ProviderPackage> all)
    {
        _manager = manager;
        _mof = mof;
        _loader = loader;
        All = all;
    }

    /// <summary>Every package that was found, whether it works or not.</summary>
    public IReadOnlyList<ProviderPackage> All { get; }

    /// <summary>Takes a package that is not in service into it. What is wrong with it is its status.</summary>
    /// <param name="package">One of <see cref="All"/>.</param>
    /// <param name="host">What the host offers to it.</param>
    /// <param name="scheduler">Runs the code of its providers; null: the thread pool.</param>
    /// <param name="cancellationToken">Ends the compilation of its schema.</param>
    public async Task StartAsync(ProviderPackage package, IProviderHost host, TaskScheduler? scheduler, CancellationToken cancellationToken)
    {
        package.Status = PackageStatus.Loaded;
        package.StatusText = string.Empty;
        _loader.Load(package, host, scheduler ?? TaskScheduler.Default);
        if (package.Status != PackageStatus.Loaded)
        {
            return;
        }

        string? problem;
        try
        {
            problem = await InstallSchemaAsync(package, cancellationToken);
        }
        catch
        {
            Stop(package);
            throw;
        }

        problem ??= MissingClass(package);
        if (problem is not null)
        {
            PackageLoader.Unload(package);
            _loader.Fail(package, PackageStatus.SchemaInvalid, problem);
            return;
        }

        _manager.AddProviders(package.Providers);
    }

    /// <summary>Takes a package out of service. Its load context goes when its last request has ended.</summary>
    public void Stop(ProviderPackage package)
    {
        _manager.RemoveProviders(package.Name);
        PackageLoader.Unload(package);
        if (package.Status == PackageStatus.Loaded)
        {
            package.Status = PackageStatus.Stopped;
            package.StatusText = "Its service is stopped.";
        }
    }

    // One at a time: packages start side by side, and one may declare what another one derives from.
    private async Task<string?> InstallSchemaAsync(ProviderPackage package, CancellationToken cancellationToken)
    {
        if (package.Manifest!.Schema.Length == 0)
        {
            return null;
        }

        await _turn.WaitAsync(cancellationToken);
        try
        {
            return await _mof.InstallAsync(package.Name, Path.Combine(package.Folder, package.Manifest.Schema), ["root/cimv2"], cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    private string? MissingClass(ProviderPackage package) => package.Providers
        .SelectMany(p => p.Namespaces.SelectMany(ns => p.ClassNames.Select(c => (Provider: p, Namespace: ns, Class: c))))
        .Where(s => _manager.Repository.Schema.FindClass(s.Namespace, s.Class) is null)
        .Select(s => $"{s.Provider.Provider.GetType().Name} serves class {s.Class} in namespace {s.Namespace}, where no MOF declares it.")
        .FirstOrDefault();
}
