using System.Composition;
using System.Runtime.CompilerServices;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Sensors.Providers;

/// <summary>CimHost_HwmonAssociatedSensor: each fan and the sensor of its speed.</summary>
[CimProvider(ClassNames.AssociatedSensor)]
[method: ImportingConstructor]
internal sealed class AssociatedSensorProvider(IProviderHost host, DeviceCatalog catalog) : ICimProvider, ICimAssociations
{
    /// <inheritdoc/>
    public async IAsyncEnumerable<CimInstance> EnumerateAsync(CimProviderRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach ((string sensorClass, string id) in await catalog.FansAsync(cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            CimInstance instance = request.NewInstance();
            instance["Antecedent"] = DevicePaths.Device(host, request.Namespace, sensorClass, id);
            instance["Dependent"] = DevicePaths.Device(host, request.Namespace, ClassNames.HwmonFan, id);
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
