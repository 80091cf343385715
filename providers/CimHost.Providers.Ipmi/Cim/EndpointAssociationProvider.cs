using System.Composition;
using System.Runtime.CompilerServices;
using CimHost.Providers.Ipmi.Model;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Ipmi.Cim;

/// <summary>Which machine has which network end points, and which address is on which interface.</summary>
[CimProvider(HostedAccessPoint, BindsToLan, DeadlineSeconds = 30)]
[method: ImportingConstructor]
internal sealed class EndpointAssociationProvider(IpmiModels models) : IpmiAssociationProvider(models)
{
    private const string HostedAccessPoint = "OMC_HostedAccessPoint";
    private const string BindsToLan = "OMC_BindsToLANEndpoint";
    private const ushort EthernetFrames = 1;

    protected override async IAsyncEnumerable<CimInstance> TellAsync(BmcModel model, InventoryState state, CimProviderRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (state.Failure is not null)
        {
            yield break;
        }

        CimObjectPath system = IpmiPaths.System(model, request.Namespace);
        foreach (LanChannel channel in await model.Lan.ReadAsync(state.Inventory, cancellationToken))
        {
            string name = IpmiPaths.EndpointName(model, channel);
            CimObjectPath? lan = channel.Mac is null ? null : IpmiPaths.Hosted(IpmiPaths.LanEndpointClass, model, name, request.Namespace);
            CimObjectPath? ip = channel.Address is null ? null : IpmiPaths.Hosted(IpmiPaths.IpEndpointClass, model, name, request.Namespace);
            if (request.CimClass.ClassName == HostedAccessPoint)
            {
                foreach (CimObjectPath endpoint in new[] { lan, ip }.OfType<CimObjectPath>())
                {
                    yield return Link(request, system, endpoint);
                }
            }
            else if (lan is not null && ip is not null)
            {
                CimInstance link = Link(request, lan, ip);
                link["FrameType"] = EthernetFrames;
                yield return link;
            }
        }
    }
}
