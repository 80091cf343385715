using System.Composition;
using System.Runtime.CompilerServices;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Sensors.Providers;

/// <summary>CimHost_HwmonSystemDevice: the computer and each of its devices.</summary>
[CimProvider(ClassNames.SystemDevice)]
[method: ImportingConstructor]
internal sealed class SystemDeviceProvider(IProviderHost host, DeviceCatalog catalog) : ICimProvider, ICimAssociations
{
    private const string Group = "GroupComponent";
    private const string Part = "PartComponent";

    /// <inheritdoc/>
    public async IAsyncEnumerable<CimInstance> EnumerateAsync(CimProviderRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        CimObjectPath system = DevicePaths.System(host, request.Namespace);
        foreach ((string className, string id) in await catalog.AllAsync(cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            CimInstance instance = request.NewInstance();
            instance[Group] = system;
            instance[Part] = DevicePaths.Device(host, request.Namespace, className, id);
            yield return instance;
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
}
