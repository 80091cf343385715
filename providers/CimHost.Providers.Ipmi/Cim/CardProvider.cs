using System.Composition;
using System.Runtime.CompilerServices;
using CimHost.Providers.Ipmi.Model;
using CimHost.Providers.Ipmi.Wire.Fru;
using CimHost.Providers.Ipmi.Wire.Sensors;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Hardware;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Ipmi.Cim;

/// <summary>Boards and modules with an inventory of their own (DSP1011).</summary>
[CimProvider("OMC_Card")]
[method: ImportingConstructor]
internal sealed class CardProvider(IpmiModels models) : IpmiProvider(models)
{
    /// <summary>The FRUs that are cards: the system board by its board area, others by a board or product area.</summary>
    public static IEnumerable<FruDevice> Cards(BmcAssets assets) =>
        assets.Frus.Where(f => f.Inventory is { } fru && (fru.Board is not null || (!f.Address.IsMachine && fru.Product is not null)));

    protected override async IAsyncEnumerable<CimInstance> TellAsync(BmcModel model, InventoryState state, CimProviderRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (state.Failure is not null)
        {
            yield break;
        }

        BmcAssets assets = await model.AssetsAsync(state.Inventory, cancellationToken);
        foreach (FruDevice fru in Cards(assets))
        {
            yield return Card(request, model, fru);
        }

        if (assets.Failure is { } reason)
        {
            throw CimException.Failed(reason);
        }
    }

    private static CimInstance Card(CimProviderRequest request, BmcModel model, FruDevice device)
    {
        FruInventory fru = device.Inventory!;
        CimInstance instance = request.NewInstance();
        instance["Tag"] = IpmiPaths.CardTag(model, device);
        instance["CreationClassName"] = request.CimClass.ClassName;
        instance["ElementName"] = device.Name;
        instance["Caption"] = device.Name;
        instance["Name"] = fru.Board?.ProductName ?? fru.Product?.ProductName ?? device.Name;
        instance["Manufacturer"] = fru.Board?.Manufacturer ?? fru.Product?.Manufacturer;
        instance["Model"] = fru.Board?.ProductName ?? fru.Product?.ProductName;
        instance["SerialNumber"] = fru.Board?.SerialNumber ?? fru.Product?.SerialNumber;
        instance["PartNumber"] = fru.Board?.PartNumber ?? fru.Product?.PartNumber;
        instance["Version"] = fru.Product?.Version;
        instance["UserTracking"] = device.Address.IsMachine ? null : fru.Product?.AssetTag;
        instance["ManufactureDate"] = fru.Board?.Manufactured is { } made ? made : default(CimValue);
        instance["HostingBoard"] = device.Address.IsMachine;
        instance["CanBeFRUed"] = !device.Address.IsMachine;
        instance["HotSwappable"] = fru.PowerSupply is { } supply ? supply.HotSwap : default(CimValue);
        instance["InventoryLanguage"] = FruLanguage.IsoCode(fru.Board?.Language ?? fru.Product!.Language);
        instance["PackageType"] = (ushort)(device.Entity.Id switch { EntityIds.PowerSupply => 6, EntityIds.Fan => 7, EntityIds.Processor => 12, _ => 9 });

        // A board tells no health; that it answered with its inventory is all that is known.
        Health.Set(instance, null, ReadingState.Ok, [.. fru.Problems]);
        return instance;
    }
}
