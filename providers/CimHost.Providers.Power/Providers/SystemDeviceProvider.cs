using System.Composition;
using System.Runtime.CompilerServices;
using CimHost.Providers.Power.Sources;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Power.Providers;

/// <summary>CimHost_PowerSystemDevice: the computer and each of its power devices and their sensors.</summary>
[CimProvider(ClassNames.SystemDevice)]
[method: ImportingConstructor]
internal sealed class SystemDeviceProvider(IProviderHost host, PowerCatalog catalog) : ICimProvider, ICimAssociations
{
    /// <inheritdoc/>
    public async IAsyncEnumerable<CimInstance> EnumerateAsync(CimProviderRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach ((PowerDevice device, _) in catalog.ReadAsync(_ => true, look: false, cancellationToken))
        {
            foreach ((CimObjectPath first, CimObjectPath second) in Pairs(request.Namespace, device))
            {
                CimInstance instance = request.NewInstance();
                instance["GroupComponent"] = first;
                instance["PartComponent"] = second;
                yield return instance;
            }
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<CimInstance> ReferencesAsync(CimProviderRequest request, CimObjectPath source, string? role, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (CimInstance instance in EnumerateAsync(request, cancellationToken))
        {
            if (References.Match(instance, source, role))
            {
                yield return instance;
            }
        }
    }

    private IEnumerable<(CimObjectPath First, CimObjectPath Second)> Pairs(string ns, PowerDevice device) =>
        PowerLinks.Devices(host, ns, device).Select(path => (DevicePaths.System(host, ns), path));
}
