using System.Composition;
using System.Runtime.CompilerServices;
using CimHost.Providers.Ipmi.Model;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Ipmi.Cim;

/// <summary>Which redundancy sets a machine has, and which fans or power supplies are in them.</summary>
[CimProvider(MemberOfCollection, OwningElement)]
[method: ImportingConstructor]
internal sealed class RedundancyAssociationProvider(IpmiModels models) : IpmiAssociationProvider(models)
{
    private const string MemberOfCollection = "OMC_MemberOfCollection";
    private const string OwningElement = "OMC_OwningCollectionElement";

    protected override async IAsyncEnumerable<CimInstance> TellAsync(BmcModel model, InventoryState state, CimProviderRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        foreach (RedundancyGroup group in RedundancyGroup.Find(model.Port.Name, state.Inventory))
        {
            var set = new CimObjectPath(IpmiPaths.RedundancySetClass, "InstanceID", IpmiPaths.RedundancyId(model, group), request.Namespace);
            if (request.CimClass.ClassName == OwningElement)
            {
                yield return Link(request, IpmiPaths.System(model, request.Namespace), set);
                continue;
            }

            foreach (MachineDevice member in group.Members)
            {
                yield return Link(request, set, IpmiPaths.Device(group.AreFans ? "OMC_Fan" : "OMC_PowerSupply", model, member.DeviceId, request.Namespace));
            }
        }
    }
}
