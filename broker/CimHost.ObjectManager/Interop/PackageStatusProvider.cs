using System.Runtime.CompilerServices;
using CimHost.ObjectManager.Dispatch;
using CimHost.ObjectManager.Providers;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Providers;

namespace CimHost.ObjectManager.Interop;

/// <summary>Provider packages and the health of their providers as CIM instances (CimHost_ProviderPackage, CimHost_ProviderHealth).</summary>
public sealed class PackageStatusProvider : ICimProvider
{
    private readonly CimObjectManager _manager;
    private readonly Func<IReadOnlyList<ProviderPackage>> _packages;

    /// <summary>Creates the provider over the packages that were found.</summary>
    public PackageStatusProvider(CimObjectManager manager, Func<IReadOnlyList<ProviderPackage>> packages)
    {
        _manager = manager;
        _packages = packages;
    }

    /// <summary>Classes that it serves.</summary>
    public static IReadOnlyList<string> ClassNames { get; } = ["CimHost_ProviderPackage", "CimHost_ProviderHealth"];

    /// <inheritdoc/>
    public async IAsyncEnumerable<CimInstance> EnumerateAsync(CimProviderRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IEnumerable<CimInstance> instances = request.CimClass.ClassName == "CimHost_ProviderPackage"
            ? _packages().Select(p => Package(request, p))
            : _manager.ProviderHealth.Select(h => Health(request, h));
        foreach (CimInstance instance in instances)
        {
            yield return instance;
        }

        await ValueTask.CompletedTask;
    }

    private static CimInstance Package(CimProviderRequest request, ProviderPackage package)
    {
        bool works = package.Status == PackageStatus.Loaded;
        CimInstance instance = request.NewInstance();
        instance["InstanceID"] = "CimHost:" + package.Name + (package.Manifest is null ? "@" + package.Folder : string.Empty);
        instance["ElementName"] = package.Name;
        instance["Caption"] = package.Manifest?.Description;
        instance["Version"] = package.Manifest?.Version;
        instance["Vendor"] = package.Manifest?.Vendor;
        instance["Folder"] = package.Folder;
        instance["PackageStatus"] = (ushort)package.Status;
        instance["StatusText"] = package.StatusText;
        instance["ProviderCount"] = (uint)package.Providers.Count;
        instance["HealthState"] = (ushort)(works ? 5 : 20);
        instance["OperationalStatus"] = new ushort[] { (ushort)(works ? 2 : 6) };
        instance["StatusDescriptions"] = new[] { works ? "In service" : package.StatusText };
        return instance;
    }

    private static CimInstance Health(CimProviderRequest request, ProviderHealth health)
    {
        CimInstance instance = request.NewInstance();
        instance["InstanceID"] = "CimHost:" + health.Registration.Name;
        instance["ElementName"] = health.Registration.Name;
        instance["PackageName"] = health.Registration.PackageName;
        instance["ClassNames"] = health.Registration.ClassNames.ToArray();
        instance["LeftAlone"] = health.IsLeftAlone;
        instance["LastFailure"] = health.LastFailure;
        instance["RefusedRequests"] = (ulong)health.RefusedRequests;
        instance["HealthState"] = (ushort)(health.IsLeftAlone ? 20 : 5);
        instance["OperationalStatus"] = new ushort[] { (ushort)(health.IsLeftAlone ? 6 : 2) };
        instance["StatusDescriptions"] = new[] { health.IsLeftAlone ? health.LastFailure : "Answers" };
        return instance;
    }
}
