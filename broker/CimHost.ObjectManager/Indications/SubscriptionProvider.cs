using System.Runtime.CompilerServices;
using CimHost.ObjectManager.Schema;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Providers;

namespace CimHost.ObjectManager.Indications;

/// <summary>
/// Filters, collections, destinations and subscriptions as CIM instances in <c>root/interop</c>. In other namespaces it refuses to create
/// them, where they would do nothing.
/// </summary>
internal sealed class SubscriptionProvider(IndicationService service, IndicationState state) : ICimProvider, ICimGetInstance, ICimCreateInstance, ICimModifyInstance, ICimDeleteInstance
{
    private const string Filter = "CIM_IndicationFilter";
    private const string Collection = "CIM_FilterCollection";
    private const string Member = "CIM_MemberOfCollection";

    private static readonly string[] s_destinations = ["CIM_ListenerDestinationCIMXML", "CIM_IndicationHandlerCIMXML"];
    private static readonly string[] s_subscriptions = ["CIM_IndicationSubscription", "CIM_FilterCollectionSubscription"];

    /// <summary>Classes that it serves.</summary>
    public static IReadOnlyList<string> ClassNames { get; } = [Filter, Collection, Member, .. s_destinations, .. s_subscriptions];

    /// <inheritdoc/>
    public async IAsyncEnumerable<CimInstance> EnumerateAsync(CimProviderRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!IsHere(request))
        {
            yield break;
        }

        IndicationModel model = state.Model;
        string className = request.CimClass.ClassName;
        IEnumerable<CimInstance> instances = className switch
        {
            Filter => model.Filters.Values.Select(f => f.Instance),
            Collection => state.Collections.Select(c => c.Instance),
            Member => Members(request),
            _ when s_destinations.Contains(className) => model.Destinations.Values.Where(d => d.Instance.ClassName == className).Select(Shown),
            _ => model.Subscriptions.Values.Where(s => s.Instance.ClassName == className).Select(Shown),
        };
        foreach (CimInstance instance in instances)
        {
            yield return instance;
        }

        await ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<CimInstance?> GetAsync(CimProviderRequest request, CimObjectPath path, CancellationToken cancellationToken)
    {
        IndicationModel model = state.Model;
        CimInstance? found = !IsHere(request) ? null : request.CimClass.ClassName switch
        {
            Filter => model.Filters.GetValueOrDefault(path.KeyString)?.Instance,
            Collection => state.Collections.FirstOrDefault(c => c.Instance.Path!.KeyString == path.KeyString)?.Instance,
            Member => Members(request).FirstOrDefault(m => m.Path!.KeyString == path.KeyString),
            _ when model.Destinations.TryGetValue(IndicationModel.Key(path), out DestinationEntry? destination) => Shown(destination),
            _ when model.Subscriptions.TryGetValue(IndicationModel.Key(path), out SubscriptionEntry? subscription) => Shown(subscription),
            _ => null,
        };
        return ValueTask.FromResult(found);
    }

    /// <inheritdoc/>
    public async ValueTask<CimObjectPath> CreateAsync(CimProviderRequest request, CimInstance instance, CancellationToken cancellationToken)
    {
        string className = request.CimClass.ClassName;
        if (!IsHere(request))
        {
            throw CimException.NotSupported($"{className} is created in {CimSchema.Interop}; its SourceNamespaces name where indications arise.");
        }

        if (className == Filter)
        {
            return await state.CreateFilterAsync(instance, cancellationToken);
        }

        if (s_subscriptions.Contains(className))
        {
            return await state.CreateSubscriptionAsync(instance, cancellationToken);
        }

        if (!s_destinations.Contains(className))
        {
            throw CimException.NotSupported("The collections of filters belong to the host; clients subscribe to them as they are.");
        }

        DestinationEntry destination = await state.CreateDestinationAsync(instance, cancellationToken);
        service.Add(destination);
        return destination.Instance.Path!;
    }

    /// <inheritdoc/>
    public async ValueTask ModifyAsync(CimProviderRequest request, CimInstance instance, IReadOnlyList<string> properties, CancellationToken cancellationToken)
    {
        string className = request.CimClass.ClassName;
        if (className == Filter)
        {
            await state.ModifyFilterAsync(instance, cancellationToken);
        }
        else if (s_subscriptions.Contains(className))
        {
            service.Wake((await state.ModifySubscriptionAsync(instance, properties, cancellationToken)).Destination);
        }
        else if (s_destinations.Contains(className))
        {
            service.Changed(await state.ModifyDestinationAsync(instance, properties, cancellationToken));
        }
        else
        {
            throw CimException.NotSupported("The collections of filters belong to the host and cannot be changed.");
        }
    }

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(CimProviderRequest request, CimObjectPath path, CancellationToken cancellationToken)
    {
        string className = request.CimClass.ClassName;
        if (className == Filter)
        {
            await state.DeleteFilterAsync(path, cancellationToken);
        }
        else if (s_subscriptions.Contains(className))
        {
            await state.DeleteSubscriptionAsync(path, cancellationToken);
        }
        else if (s_destinations.Contains(className))
        {
            await service.RemoveAsync(await state.DeleteDestinationAsync(path, cancellationToken));
        }
        else
        {
            throw CimException.NotSupported("The collections of filters belong to the host and cannot be deleted.");
        }
    }

    private static bool IsHere(CimProviderRequest request) => string.Equals(request.Namespace, CimSchema.Interop, StringComparison.OrdinalIgnoreCase);

    private IEnumerable<CimInstance> Members(CimProviderRequest request)
    {
        IndicationModel model = state.Model;
        foreach (IndicationState.FilterCollection collection in state.Collections)
        {
            foreach (string key in collection.FilterKeys)
            {
                CimInstance member = request.NewInstance();
                member["Collection"] = collection.Instance.Path!;
                member["Member"] = model.Filters[key].Instance.Path!;
                yield return member;
            }
        }
    }

    private static CimInstance Shown(DestinationEntry destination)
    {
        CimInstance shown = destination.Instance.Clone();
        shown["password"] = CimValue.Null;
        return shown;
    }

    private CimInstance Shown(SubscriptionEntry subscription)
    {
        DateTimeOffset now = service.Now;
        CimInstance shown = subscription.Instance.Clone();
        shown["LastIndicationIdentifier"] = subscription.LastIdentifier;
        shown["LastIndicationProductionDateTime"] = subscription.LastAt is { } last ? new CimDateTime(last) : CimValue.Null;
        if (subscription.End is { } end)
        {
            shown["SubscriptionTimeRemaining"] = (ulong)Math.Max(0, Math.Ceiling((end - now).TotalSeconds));
        }

        // The stored state says what is wanted; whether the way to the listener works is known here alone.
        bool works = subscription.Destination.Status.FailedAttempts == 0 && state.Model.FiltersOf(subscription).All(f => f.Failure is null);
        if (shown["SubscriptionState"] == SubscriptionEntry.Enabled && !works)
        {
            shown["SubscriptionState"] = SubscriptionEntry.EnabledDegraded;
        }

        return shown;
    }
}
