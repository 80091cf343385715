using System.Composition;
using System.Runtime.CompilerServices;
using CimHost.Providers.Ipmi.Model;
using CimHost.Providers.Ipmi.Wire.Sensors;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Hardware;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Ipmi.Cim;

/// <summary>How management controllers are set up on their networks (IPMI 2.0 §23.2): interfaces and addresses, never a secret.</summary>
[CimProvider(IpmiPaths.LanEndpointClass, IpmiPaths.IpEndpointClass, DeadlineSeconds = 30)]
[method: ImportingConstructor]
internal sealed class EndpointProvider(IpmiModels models) : IpmiProvider(models)
{
    private const ushort Ethernet = 6;
    private const ushort Ipv4 = 4096;

    private static readonly string[] s_sources = ["Unspecified", "Static", "DHCP", "BIOS", "Other protocol"];

    // The same in the numbers of CIM_IPProtocolEndpoint.AddressOrigin: unknown, static, DHCP, other, other.
    private static readonly ushort[] s_origins = [0, 3, 4, 1, 1];

    protected override async IAsyncEnumerable<CimInstance> TellAsync(BmcModel model, InventoryState state, CimProviderRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (state.Failure is not null)
        {
            yield break;
        }

        bool isLan = request.CimClass.ClassName == IpmiPaths.LanEndpointClass;
        foreach (LanChannel lan in await model.Lan.ReadAsync(state.Inventory, cancellationToken))
        {
            if ((isLan ? lan.Mac : lan.Address) is null)
            {
                continue;
            }

            CimInstance instance = request.NewInstance();
            instance["SystemCreationClassName"] = IpmiPaths.SystemClass;
            instance["SystemName"] = model.MachineName;
            instance["CreationClassName"] = request.CimClass.ClassName;
            instance["Name"] = IpmiPaths.EndpointName(model, lan);
            instance["NameFormat"] = "PORT:lan.CHANNEL";
            instance["ElementName"] = $"{(isLan ? "LAN" : "IP")} of the management controller, channel {lan.Channel}";
            instance["Channel"] = lan.Channel;
            instance["EnabledState"] = (ushort)2;
            instance["RequestedState"] = (ushort)12;
            if (isLan)
            {
                instance["ProtocolIFType"] = Ethernet;
                instance["MACAddress"] = lan.Mac;
                instance["VLANID"] = lan.Vlan;
                instance["VLANPriority"] = lan.VlanPriority;
            }
            else
            {
                Describe(instance, lan);
            }

            Health.Set(instance, StateSeverity.Ok, ReadingState.Ok);
            yield return instance;
        }
    }

    private static void Describe(CimInstance instance, LanChannel lan)
    {
        instance["ProtocolIFType"] = Ipv4;
        instance["IPv4Address"] = lan.Address;
        instance["SubnetMask"] = lan.Mask;
        instance["DefaultGateway"] = lan.Gateway;
        if (lan.Source is { } source)
        {
            instance["AddressOrigin"] = source < s_origins.Length ? s_origins[source] : (ushort)0;
            instance["AddressSource"] = source < s_sources.Length ? s_sources[source] : "Reserved";
        }
    }
}
