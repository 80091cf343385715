using System.Runtime.CompilerServices;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Platform.Providers;

/// <summary>A provider of an association between two instances.</summary>
internal abstract class PairProvider(string firstRole, string secondRole) : ICimProvider, ICimAssociations
{
    /// <inheritdoc/>
    public async IAsyncEnumerable<CimInstance> EnumerateAsync(CimProviderRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        foreach ((CimObjectPath first, CimObjectPath second) in await PairsAsync(request.Namespace, cancellationToken))
        {
            CimInstance instance = request.NewInstance();
            instance[firstRole] = first;
            instance[secondRole] = second;
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

    /// <summary>All pairs, the end of the first role first.</summary>
    protected abstract ValueTask<IReadOnlyList<(CimObjectPath First, CimObjectPath Second)>> PairsAsync(string namespaceName, CancellationToken cancellationToken);
}
