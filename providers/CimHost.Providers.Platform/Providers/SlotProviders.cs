using System.Composition;
using CimHost.Providers.Platform.Firmware;
using CimHost.Providers.Platform.Wire.Smbios;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Platform.Providers;

/// <summary>CimHost_Slot: one instance per slot for cards and drives.</summary>
[CimProvider(ClassNames.Slot)]
[method: ImportingConstructor]
internal sealed class SlotProvider(SmbiosSource source) : SmbiosProvider<SystemSlot>(source)
{
    private const ushort PciExpress = 18;
    private const ushort SlotLayout = 7;

    /// <inheritdoc/>
    protected override ValueTask<CimInstance> MakeAsync(CimProviderRequest request, SmbiosInventory inventory, SystemSlot record, CancellationToken cancellationToken)
    {
        string tag = inventory.NameOf(record);
        CimInstance instance = PlatformPaths.NewPhysical(request, tag, tag);
        bool express = SlotTypes.IsPciExpress(record.SlotType);
        instance["SlotType"] = record.TypeDescription;
        instance["CurrentUsage"] = record.UsageName;
        instance["BusAddress"] = record.BusAddress;
        instance["Number"] = record.Id;
        instance["SupportsHotPlug"] = record.IsHotPlug;
        instance["ConnectorGender"] = (ushort)3;
        instance["ConnectorLayout"] = express ? PciExpress : SlotLayout;
        instance["ConnectorDescription"] = record.TypeDescription;
        instance["MaxDataWidth"] = BitsOf(record.DataBusWidth);
        instance["MaxLinkWidth"] = LinkWidthOf(record.DataBusWidth);
        Health.Unknown.Set(instance);
        return ValueTask.FromResult(instance);
    }

    private static ushort? BitsOf(byte width) => width is >= 3 and <= 7 ? (ushort)(8 << (width - 3)) : null;

    // SMBIOS counts x1, x2, x4, x8, x12, x16 and x32 from 8 on (DSP0134, 7.10.2), CIM_Slot.MaxLinkWidth from 2 on.
    private static ushort? LinkWidthOf(byte width) => width is >= 8 and <= 14 ? (ushort)(width - 6) : null;
}

/// <summary>CimHost_MemorySlot: one instance per socket for a memory module.</summary>
[CimProvider(ClassNames.MemorySlot)]
[method: ImportingConstructor]
internal sealed class MemorySlotProvider(SmbiosSource source) : SmbiosProvider<MemoryDevice>(source)
{
    /// <inheritdoc/>
    protected override ValueTask<CimInstance> MakeAsync(CimProviderRequest request, SmbiosInventory inventory, MemoryDevice record, CancellationToken cancellationToken)
    {
        string tag = inventory.NameOf(record);
        CimInstance instance = PlatformPaths.NewPhysical(request, tag, tag);
        instance["BankLabel"] = record.BankLocator;
        instance["Populated"] = record.IsPopulated;
        instance["SpecialPurpose"] = true;
        instance["PurposeDescription"] = "Memory module";
        instance["ConnectorGender"] = (ushort)3;
        instance["ConnectorLayout"] = (ushort)7;
        Health.Unknown.Set(instance);
        return ValueTask.FromResult(instance);
    }
}

/// <summary>CimHost_PhysicalConnector: one instance per connector that the firmware tells.</summary>
[CimProvider(ClassNames.PhysicalConnector)]
[method: ImportingConstructor]
internal sealed class PhysicalConnectorProvider(SmbiosSource source) : SmbiosProvider<PortConnector>(source)
{
    /// <inheritdoc/>
    protected override ValueTask<CimInstance> MakeAsync(CimProviderRequest request, SmbiosInventory inventory, PortConnector record, CancellationToken cancellationToken)
    {
        string tag = inventory.NameOf(record);
        CimInstance instance = PlatformPaths.NewPhysical(request, tag, tag);
        byte connector = record.ExternalConnector != 0 ? record.ExternalConnector : record.InternalConnector;
        instance["InternalDesignator"] = record.InternalDesignator;
        instance["ExternalDesignator"] = record.ExternalDesignator;
        instance["ConnectorTypeName"] = PortConnector.ConnectorName(connector);
        instance["PortTypeName"] = record.PortTypeName;
        instance["ConnectorDescription"] = PortConnector.ConnectorName(connector);
        instance["ConnectorLayout"] = Layout(connector);
        Health.Unknown.Set(instance);
        return ValueTask.FromResult(instance);
    }

    // CIM_PhysicalConnector.ConnectorLayout: 3 BNC, 4 RJ11, 5 RJ45, 6 DB9.
    private static ushort Layout(byte connector) => connector switch
    {
        8 or 9 => 6,
        10 => 4,
        11 => 5,
        32 => 3,
        _ => 1,
    };
}
