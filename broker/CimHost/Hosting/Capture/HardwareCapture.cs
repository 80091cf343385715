using System.Text;
using System.Text.Json;
using CimHost.Commands;
using CimHost.Configuration;
using CimHost.ObjectManager;
using CimHost.ObjectManager.Dispatch;
using CimHost.ObjectManager.Providers;
using CimHost.ObjectManager.Repository;
using CimHost.ObjectManager.Schema;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Operations;
using CimHost.VmKernel.Devices.Capture;
using CimHost.VmKernel.Devices.Capture.Recording;
using CimHost.VmKernel.Devices.Io.Worlds;

namespace CimHost.Hosting.Capture;

/// <summary>
/// Captures the hardware: loads the provider packages over the devices, with a recorder before every port, lets them tell all their
/// instances, and writes what went through the ports into a directory. Nothing is served meanwhile, and nothing lasts but the directory.
/// </summary>
internal sealed class HardwareCapture(CimHostOptions options, CaptureSettings settings, TextWriter progress)
{
    private const string Namespace = "root/cimv2";

    // A second look is taken when everything that is kept for a while has become old.
    private static readonly TimeSpan s_betweenPasses = TimeSpan.FromHours(1);

    private readonly LaterClock _clock = new();
    private readonly List<string> _problems = [];

    /// <summary>Captures.</summary>
    /// <exception cref="ConfigurationException">The configuration is wrong, or the directory is not empty.</exception>
    /// <exception cref="IOException">The directory cannot be written.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        string directory = Prepare(settings.Directory);
        DirectoryInfo temporary = Directory.CreateTempSubdirectory("cimhost-capture-");
        try
        {
            using ILoggerFactory loggers = LoggerFactory.Create(l => Serve.ConfigureLogging(l, LogLevel.Error));
            var recorder = new HardwareRecorder();
            SortedDictionary<string, CimInstance> instances;
            string systemName;
            await using (HostDevices devices = HostDevices.Open(options, loggers, recorder))
            {
                systemName = devices.SystemName;
                instances = await ReadAllAsync(devices, Path.Combine(temporary.FullName, "repository.db"), loggers, cancellationToken);
            }

            if (settings.InstancesFile is { } file)
            {
                await File.WriteAllTextAsync(file, Json(instances.Values), cancellationToken);
            }

            CaptureReport report = recorder.Write(directory, systemName, settings.KeepIdentifiers);
            await File.WriteAllTextAsync(Path.Combine(directory, "README.md"), CaptureReadme.Text(report, settings.KeepIdentifiers, _problems), new UTF8Encoding(false), cancellationToken);
            await TellAsync(report, instances.Count);
        }
        finally
        {
            temporary.Delete(recursive: true);
        }
    }

    private static string Prepare(string path)
    {
        string directory = Path.GetFullPath(path);
        if (File.Exists(directory) || (Directory.Exists(directory) && Directory.EnumerateFileSystemEntries(directory).Any()))
        {
            throw new ConfigurationException($"{path} is there and not empty; a capture goes into a directory of its own.");
        }

        Directory.CreateDirectory(directory);
        return directory;
    }

    private async Task<SortedDictionary<string, CimInstance>> ReadAllAsync(HostDevices devices, string database, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        using CimRepository repository = CimRepository.Open(database);
        await repository.CreateNamespaceAsync(Namespace, cancellationToken);
        await repository.CreateNamespaceAsync(CimSchema.Interop, cancellationToken);
        var mof = new MofInstaller(repository);
        if (await mof.InstallAsync("CimHost", Path.Combine(AppContext.BaseDirectory, "schema"), [Namespace, CimSchema.Interop], cancellationToken) is { } error)
        {
            throw new InvalidDataException($"The host's own schema cannot be installed:\n{error}");
        }

        // Nobody waits for an answer here, and a provider whose device is slow is asked again all the same.
        var limits = new DispatchOptions { DeadlineSeconds = Math.Max(options.Dispatch.DeadlineSeconds, 120), BreakerThreshold = int.MaxValue };
        await using var manager = new CimObjectManager(repository, limits, _clock, loggers.CreateLogger<CimObjectManager>());
        var loader = new PackageLoader(loggers.CreateLogger<PackageLoader>());
        IReadOnlyList<ProviderPackage> found = loader.Find([Path.Combine(AppContext.BaseDirectory, "packages"), .. options.ProviderDirectories]);
        var packages = new ProviderPackages(manager, mof, loader, found);
        var offers = new List<HostProviderServices>();
        try
        {
            foreach (ProviderPackage package in found)
            {
                await StartAsync(packages, package, manager, devices, offers, loggers, cancellationToken);
            }

            await PassAsync("first", manager, found, cancellationToken);
            _clock.Advance(s_betweenPasses);
            _problems.Clear();
            return await PassAsync("second", manager, found, cancellationToken);
        }
        finally
        {
            foreach (ProviderPackage package in found)
            {
                packages.Stop(package);
            }

            offers.ForEach(o => o.Dispose());
        }
    }

    private async Task StartAsync(
        ProviderPackages packages, ProviderPackage package, CimObjectManager manager, HostDevices devices, List<HostProviderServices> offers, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        if (package.Status == PackageStatus.Loaded)
        {
            try
            {
                WorldHardware hardware = devices.Hardware.For(package.Name, DeviceDeclaration.Parse(package.Manifest!.Devices));
                var offer = new HostProviderServices(package.Name, manager, hardware, devices.SystemName, Configuration(package), loggers, _clock);
                offers.Add(offer);
                await packages.StartAsync(package, offer, scheduler: null, cancellationToken);
            }
            catch (FormatException e)
            {
                await progress.WriteLineAsync($"cimhost: package {package.Name} declares devices wrongly and is left out: {e.Message}");
                return;
            }
        }

        if (package.Status != PackageStatus.Loaded)
        {
            await progress.WriteLineAsync($"cimhost: package {package.Name} is left out ({package.Status}): {package.StatusText}");
        }
    }

    // A capture changes nothing: whatever a package does by a schedule of its own is left out.
    private Dictionary<string, string> Configuration(ProviderPackage package) =>
        (options.Providers.GetValueOrDefault(package.Name) ?? []).Where(s => !s.Key.StartsWith("SelfTest", StringComparison.OrdinalIgnoreCase)).ToDictionary();

    private async Task<SortedDictionary<string, CimInstance>> PassAsync(string name, CimObjectManager manager, IReadOnlyList<ProviderPackage> found, CancellationToken cancellationToken)
    {
        ICimOperations cim = manager.For(CimCaller.Host);
        var instances = new SortedDictionary<string, CimInstance>(StringComparer.Ordinal);
        foreach (ProviderPackage package in found.Where(p => p.Status == PackageStatus.Loaded))
        {
            int before = instances.Count;
            foreach (string className in package.Providers.Where(p => p.Namespaces.Contains(Namespace, StringComparer.OrdinalIgnoreCase)).SelectMany(p => p.ClassNames).Order(StringComparer.Ordinal))
            {
                await ReadAsync(cim, className, instances, cancellationToken);
            }

            await progress.WriteLineAsync($"{name} look: {package.Name}: {instances.Count - before} instances");
        }

        return instances;
    }

    private async Task ReadAsync(ICimOperations cim, string className, SortedDictionary<string, CimInstance> instances, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (CimInstance instance in cim.EnumerateInstancesAsync(Namespace, className, CimInstanceOptions.Full, cancellationToken))
            {
                instances[instance.Path?.ToString() ?? string.Empty] = instance;
            }
        }
        catch (CimException e)
        {
            _problems.Add($"{className}: {e.Message}");
        }
    }

    private async Task TellAsync(CaptureReport report, int instances)
    {
        foreach (CapturedDevice device in report.Devices)
        {
            await progress.WriteLineAsync($"{device.Name}: {device.Answers} answers, {device.Failures} without");
            foreach (string reason in device.Reasons)
            {
                await progress.WriteLineAsync($"  {reason}");
            }
        }

        await progress.WriteLineAsync($"{settings.Directory}: {report.Devices.Count} devices, {instances} instances, {report.Replaced} identifiers replaced; README.md there says what is missing");
    }

    private static string Json(IEnumerable<CimInstance> instances) => JsonText.Write(json =>
    {
        json.WriteStartArray();
        foreach (CimInstance instance in instances)
        {
            JsonText.Write(json, instance);
        }

        json.WriteEndArray();
    });
}
