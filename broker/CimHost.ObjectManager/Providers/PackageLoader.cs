using System.Composition;
using System.Composition.Hosting;
using System.Reflection;
using System.Text.Json;
using CimHost.Sdk.Providers;
using Microsoft.Extensions.Logging;

namespace CimHost.ObjectManager.Providers;

/// <summary>
/// Finds provider packages in folders and brings them to life, each in a load context of its own. A package that is wrong in any way gets
/// a status and a log line, and harms nothing else.
/// </summary>
public sealed partial class PackageLoader
{
    private const int MaxManifestBytes = 64 * 1024;
    private const int MaxPackages = 256;

    private readonly ILogger _logger;

    /// <summary>Creates a loader.</summary>
    public PackageLoader(ILogger<PackageLoader> logger) => _logger = logger;

    /// <summary>
    /// Looks at every sub-folder of the given folders, in name order. Folders that do not exist are passed over: a host may have no vendor
    /// packages.
    /// </summary>
    public IReadOnlyList<ProviderPackage> Find(IEnumerable<string> folders)
    {
        var packages = new List<ProviderPackage>();
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (string folder in folders.Where(Directory.Exists).SelectMany(Directory.EnumerateDirectories).Order(StringComparer.Ordinal))
        {
            if (packages.Count == MaxPackages)
            {
                TooManyPackages(MaxPackages, folder);
                break;
            }

            ProviderPackage package = ReadManifest(folder);
            if (package.Status == PackageStatus.Loaded && !names.Add(package.Name))
            {
                Fail(package, PackageStatus.ManifestInvalid, $"Another package is named '{package.Name}' too; this one is not loaded.");
            }

            packages.Add(package);
        }

        return packages;
    }

    /// <summary>Loads the assembly and composes its providers. On failure the package has a status and no providers.</summary>
    /// <param name="package">The package.</param>
    /// <param name="host">What the host offers to it.</param>
    /// <param name="scheduler">Runs the code of its providers.</param>
    public void Load(ProviderPackage package, IProviderHost host, TaskScheduler scheduler)
    {
        string path = Path.Combine(package.Folder, package.Manifest!.Assembly);
        Assembly assembly;
        PackageLoadContext? context = null;
        Type[] types;
        try
        {
            context = new PackageLoadContext(package.Name, path);
            assembly = context.LoadFromAssemblyPath(path);
            types = assembly.GetTypes();
        }
        catch (Exception e)
        {
            // Whatever is wrong with a vendor's file (missing, native, another framework's, damaged) is this package's trouble only.
            context?.Unload();
            Exception cause = e is ReflectionTypeLoadException { LoaderExceptions: [{ } first, ..] } ? first : e;
            Fail(package, PackageStatus.AssemblyInvalid, $"{package.Manifest.Assembly} cannot be loaded: {cause.Message}", cause);
            return;
        }

        package.LoadContext = context;
        try
        {
            package.Providers = Compose(package, types, host, scheduler);
            PackageLoaded(package.Name, package.Manifest.Version, package.Providers.Count);
        }
        catch (Exception e)
        {
            Exception cause = e;
            while (cause is CompositionFailedException or TargetInvocationException && cause.InnerException is { } inner)
            {
                cause = inner;
            }

            Unload(package);
            Fail(package, PackageStatus.CompositionFailed, $"Its providers cannot be constructed: {cause.Message}", e);
        }
    }

    /// <summary>Takes a package out of service; its load context is collected when the last request on it has ended.</summary>
    public static void Unload(ProviderPackage package)
    {
        package.Providers = [];
        package.Container?.Dispose();
        package.Container = null;
        package.LoadContext?.Unload();
        package.LoadContext = null;
    }

    internal void Fail(ProviderPackage package, PackageStatus status, string text, Exception? exception = null)
    {
        package.Status = status;
        package.StatusText = text;
        PackageFailed(package.Name, status, text, exception);
    }

    private static List<ProviderRegistration> Compose(ProviderPackage package, Type[] types, IProviderHost host, TaskScheduler scheduler)
    {
        ContainerConfiguration configuration = new ContainerConfiguration()
            .WithParts(types.Where(t => t is { IsClass: true, IsAbstract: false }))
            .WithExport(host);
        CompositionHost container = configuration.CreateContainer();
        package.Container = container;
        var registrations = new List<ProviderRegistration>();
        var imports = new ProviderImports();
        container.SatisfyImports(imports);
        foreach (Lazy<ICimProvider, ProviderMetadata> export in imports.Providers)
        {
            ProviderMetadata metadata = export.Metadata;
            if (metadata.ClassNames.Length == 0)
            {
                throw new InvalidOperationException($"{export.Value.GetType().Name} names no class in its CimProvider attribute.");
            }

            registrations.Add(new ProviderRegistration(package.Name, export.Value, metadata, scheduler));
        }

        return registrations.Count > 0
            ? registrations
            : throw new InvalidOperationException("The assembly exports no provider (a class with the attribute CimProvider that implements ICimProvider).");
    }

    private ProviderPackage ReadManifest(string folder)
    {
        string path = Path.Combine(folder, "provider.json");
        PackageManifest manifest;
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists)
            {
                return Failed(folder, null, PackageStatus.ManifestInvalid, "There is no provider.json.");
            }

            if (file.Length > MaxManifestBytes)
            {
                return Failed(folder, null, PackageStatus.ManifestInvalid, $"provider.json has {file.Length} bytes; at most {MaxManifestBytes} are read.");
            }

            manifest = PackageManifest.Parse(File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            return Failed(folder, null, PackageStatus.ManifestInvalid, $"provider.json cannot be read: {e.Message}");
        }

        return Check(manifest) is { } problem
            ? Failed(folder, manifest, PackageStatus.ManifestInvalid, problem)
            : manifest.Abi.Split('.')[0] != PackageManifest.CurrentAbi.Split('.')[0]
                ? Failed(folder, manifest, PackageStatus.AbiMismatch, $"It was built for provider contract {manifest.Abi}; this host speaks {PackageManifest.CurrentAbi}.")
                : new ProviderPackage(folder, manifest);
    }

    private static string? Check(PackageManifest manifest)
    {
        if (manifest.Name.Length is 0 or > 64 || manifest.Name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or '-')))
        {
            return $"The name '{manifest.Name}' in provider.json may have letters, digits, dot, underscore and hyphen only, and at most 64 of them.";
        }

        foreach (string path in new[] { manifest.Assembly, manifest.Schema })
        {
            if (Path.IsPathRooted(path) || path.Split('/', '\\').Contains(".."))
            {
                return $"The path '{path}' in provider.json leaves the package folder.";
            }
        }

        return null;
    }

    private ProviderPackage Failed(string folder, PackageManifest? manifest, PackageStatus status, string text)
    {
        var package = new ProviderPackage(folder, manifest);
        Fail(package, status, text);
        return package;
    }

    [LoggerMessage(2001, LogLevel.Information, "Provider package {Package} {Version} loaded with {Count} providers")]
    private partial void PackageLoaded(string package, string version, int count);

    [LoggerMessage(2002, LogLevel.Error, "Provider package {Package} is not in service ({Status}): {Reason}")]
    private partial void PackageFailed(string package, PackageStatus status, string reason, Exception? exception);

    [LoggerMessage(2003, LogLevel.Error, "More than {Max} provider packages; {Folder} and what follows is not loaded")]
    private partial void TooManyPackages(int max, string folder);

    /// <summary>Collects the exports of a package with their metadata.</summary>
    private sealed class ProviderImports
    {
        [ImportMany]
        public IEnumerable<Lazy<ICimProvider, ProviderMetadata>> Providers { get; set; } = [];
    }
}
