using CimHost.ObjectManager.Dispatch;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Operations;
using CimHost.Sdk.Providers;

namespace CimHost.ObjectManager.Operations;

/// <content>Reading the objects at the other ends of associations.</content>
internal sealed partial class CimOperations
{
    /// <summary>
    /// Finds associators. Where a provider can only tell all its instances, it is asked once for a whole request, not once per associator:
    /// a system with a hundred sensors is one sweep of its BMC.
    /// </summary>
    private sealed class AssociatorReader(CimOperations operations)
    {
        private readonly Dictionary<string, Extent> _extents = new(StringComparer.OrdinalIgnoreCase);

        /// <summary>The instance; null when there is none (any more), or its class is not known here.</summary>
        public async ValueTask<CimInstance?> FindAsync(CimObjectPath path, CancellationToken cancellationToken)
        {
            if (operations.Schema.FindClass(path.Namespace!, path.ClassName) is not { } cimClass)
            {
                return null;
            }

            string ns = cimClass.Namespace!;

            // An association may lead into a namespace that the caller may not read; there it ends.
            if (!operations._caller.Rights.Allows(CimAccess.Read, ns))
            {
                return null;
            }

            IReadOnlyList<ProviderGate> gates = operations._providers.Find(ns, cimClass.ClassName);
            bool isSwept = gates.Count > 0 && gates.All(g => g.Registration.Provider is not ICimGetInstance) && !operations._repository.Instances.HasInstances(ns, cimClass.ClassName);
            if (isSwept)
            {
                Extent extent = await SweepAsync(gates, cimClass, ns, cancellationToken);
                return extent.Instances.TryGetValue(path.Normalize(cimClass, ns).KeyString, out CimInstance? found) ? found
                    : extent.Error is { } error ? throw new CimException(error.Status, error.Message, error)
                    : null;
            }

            try
            {
                return await operations.GetInstanceAsync(ns, path, CimInstanceOptions.Full, cancellationToken);
            }
            catch (CimException e) when (e.Status is CimStatusCode.NotFound)
            {
                // The association's provider is ahead of or behind the other's; what is gone is not an associator.
                return null;
            }
        }

        private async ValueTask<Extent> SweepAsync(IReadOnlyList<ProviderGate> gates, CimClass cimClass, string ns, CancellationToken cancellationToken)
        {
            string key = ns + ':' + cimClass.ClassName;
            if (_extents.TryGetValue(key, out Extent? known))
            {
                return known;
            }

            Extent extent = _extents[key] = new Extent();
            var request = new CimProviderRequest(cimClass, ns, null, operations._caller.UserName);
            List<IAsyncEnumerable<CimInstance>> sources = [.. gates.Select(g => g.EnumerateAsync(request, cancellationToken))];
            try
            {
                await foreach (CimInstance instance in InstanceSources.ReadAll(sources, cancellationToken).WithCancellation(cancellationToken))
                {
                    extent.Instances[instance.Path?.KeyString ?? string.Empty] = instance;
                }
            }
            catch (CimException e)
            {
                extent.Error = e;
            }

            return extent;
        }

        private sealed class Extent
        {
            public Dictionary<string, CimInstance> Instances { get; } = new(StringComparer.Ordinal);

            public CimException? Error { get; set; }
        }
    }
}
