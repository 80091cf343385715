using System.Composition;
using System.Runtime.CompilerServices;
using CimHost.Providers.Power.Sources;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Power.Providers;

/// <summary>CimHost_PowerAssociatedSensor: each sensor and what it measures.</summary>
[CimProvider(ClassNames.AssociatedSensor)]
[method: ImportingConstructor]
internal sealed class AssociatedSensorProvider(IProviderHost host, PowerCatalog catalog) : ICimProvider, ICimAssociations
{
    /// <inheritdoc/>
    public async IAsyncEnumerable<CimInstance> EnumerateAsync(CimProviderRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        (IReadOnlyList<PowerDevice> devices, IReadOnlyList<string> problems) = await catalog.ListAsync(cancellationToken);
        foreach ((CimObjectPath first, CimObjectPath second) in devices.SelectMany(d => Pairs(request.Namespace, d)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            CimInstance instance = request.NewInstance();
            instance["Antecedent"] = first;
            instance["Dependent"] = second;
            yield return instance;
        }

        PowerCatalog.ThrowIfIncomplete(problems);
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
        PowerLinks.Sensors(host, ns, device);
}
