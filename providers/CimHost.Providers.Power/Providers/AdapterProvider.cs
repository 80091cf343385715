using System.Composition;
using System.Runtime.CompilerServices;
using CimHost.Providers.Power.Model;
using CimHost.Providers.Power.Sources;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Power.Providers;

/// <summary>CimHost_PowerAdapter: one instance per mains or USB adapter.</summary>
[CimProvider(ClassNames.Adapter)]
[method: ImportingConstructor]
internal sealed class AdapterProvider(IProviderHost host, PowerCatalog catalog) : ICimProvider
{
    /// <inheritdoc/>
    public async IAsyncEnumerable<CimInstance> EnumerateAsync(CimProviderRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        bool look = RequestDetail.WantsReading(request);
        await foreach ((PowerDevice device, PowerReading reading) in catalog.ReadAsync(d => d.Kind == PowerDeviceKind.Adapter, look, cancellationToken))
        {
            yield return NewInstance(request, device, reading);
        }
    }

    private CimInstance NewInstance(CimProviderRequest request, PowerDevice device, PowerReading reading)
    {
        CimInstance instance = DevicePaths.NewDevice(host, request, device.Id);
        DeviceProperties.SetIdentity(instance, device, reading, "Power adapter");
        DeviceProperties.SetState(instance, reading, PowerCondition.OfAdapter(reading));
        instance["IsACInput"] = true;
        instance["IsACOutput"] = false;
        return instance;
    }
}
