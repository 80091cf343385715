using System.Composition;
using CimHost.Providers.Platform.Firmware;
using CimHost.Providers.Platform.Wire.Smbios;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Platform.Providers;

/// <summary>CimHost_PhysicalMemory: one instance per memory module.</summary>
[CimProvider(ClassNames.PhysicalMemory)]
[method: ImportingConstructor]
internal sealed class PhysicalMemoryProvider(SmbiosSource source, MemoryHealth health) : SmbiosProvider<MemoryDevice>(source)
{
    private const ushort Other = 1;

    // From the numbers of SMBIOS to those of CIM_PhysicalMemory.MemoryType and CIM_Chip.FormFactor; what CIM has no number for is Other.
    private static readonly ushort[] s_memoryTypes =
        [0, 1, 0, 2, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 23, 1, 1, 1, 24, 25, 26, 27, 28, 29, 30];

    private static readonly ushort[] s_formFactors = [0, 1, 0, 7, 2, 1, 3, 4, 6, 8, 9, 1, 11, 12, 13, 8];

    /// <inheritdoc/>
    protected override bool IsTold(MemoryDevice record) => record.IsPopulated;

    /// <inheritdoc/>
    protected override async ValueTask<CimInstance> MakeAsync(CimProviderRequest request, SmbiosInventory inventory, MemoryDevice record, CancellationToken cancellationToken)
    {
        string tag = inventory.NameOf(record);
        CimInstance instance = PlatformPaths.NewPhysical(request, tag, tag);
        instance["DeviceLocator"] = record.DeviceLocator;
        instance["BankLabel"] = PlatformPaths.Short(record.BankLocator);
        instance["Manufacturer"] = record.Manufacturer;
        instance["PartNumber"] = record.PartNumber;
        instance["SerialNumber"] = record.SerialNumber;
        instance["OtherIdentifyingInfo"] = record.AssetTag;
        instance["Capacity"] = record.Size;
        instance["TotalWidth"] = record.TotalWidth;
        instance["DataWidth"] = record.DataWidth;
        instance["MemoryType"] = record.MemoryType < s_memoryTypes.Length ? s_memoryTypes[record.MemoryType] : Other;
        instance["MemoryTypeName"] = record.MemoryTypeName;
        instance["FormFactor"] = record.FormFactor < s_formFactors.Length ? s_formFactors[record.FormFactor] : Other;
        instance["MaxTransferRate"] = record.Speed;
        instance["ConfiguredTransferRate"] = record.ConfiguredSpeed;
        instance["IsSpeedInMhz"] = true;
        instance["MaxMemorySpeed"] = record.Speed;
        instance["ConfiguredMemoryClockSpeed"] = record.ConfiguredSpeed;
        instance["Ranks"] = (ushort?)record.Rank;
        instance["ConfiguredVoltage"] = (uint?)record.ConfiguredVoltage;
        instance["RemovalConditions"] = (ushort)3;
        await health.SetAsync(instance, request, record, cancellationToken);
        return instance;
    }
}
