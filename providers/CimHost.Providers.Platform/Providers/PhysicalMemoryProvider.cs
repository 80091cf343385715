using System.Composition;
using CimHost.Providers.Platform.Firmware;
using CimHost.Providers.Platform.Wire.Smbios;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Platform.Providers;

/// <summary>CimHost_PhysicalMemory: one instance per memory module.</summary>
[CimProvider(ClassNames.PhysicalMemory)]
[method: ImportingConstructor]
internal sealed class PhysicalMemoryProvider(SmbiosSource source) : SmbiosProvider<MemoryDevice>(source)
{
    private const ushort Other = 1;

    // From the numbers of SMBIOS to those of CIM_PhysicalMemory.MemoryType and CIM_Chip.FormFactor; what CIM has no number for is Other.
    private static readonly ushort[] s_memoryTypes =
        [0, 1, 0, 2, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 23, 1, 1, 1, 24, 25, 26, 27, 28, 29, 30];

    private static readonly ushort[] s_formFactors = [0, 1, 0, 7, 2, 1, 3, 4, 6, 8, 9, 1, 11, 12, 13, 8];

    /// <inheritdoc/>
    protected override bool IsTold(MemoryDevice record) => record.IsPopulated;

    /// <inheritdoc/>
    protected override ValueTask<CimInstance> MakeAsync(CimProviderRequest request, SmbiosInventory inventory, MemoryDevice record, CancellationToken cancellationToken)
    {
        string tag = inventory.NameOf(record);
        CimInstance instance = PlatformPaths.NewPhysical(request, tag, tag);
        instance["DeviceLocator"] = record.DeviceLocator;
        instance["BankLabel"] = record.BankLocator is { Length: <= 64 } bank ? bank : null;
        instance["Manufacturer"] = record.Manufacturer;
        instance["PartNumber"] = record.PartNumber;
        instance["SerialNumber"] = record.SerialNumber;
        instance["OtherIdentifyingInfo"] = record.AssetTag;
        instance["Capacity"] = record.Size is { } size ? size : CimValue.Null;
        instance["TotalWidth"] = record.TotalWidth is { } total ? total : CimValue.Null;
        instance["DataWidth"] = record.DataWidth is { } data ? data : CimValue.Null;
        instance["MemoryType"] = record.MemoryType < s_memoryTypes.Length ? s_memoryTypes[record.MemoryType] : Other;
        instance["MemoryTypeName"] = record.MemoryTypeName;
        instance["FormFactor"] = record.FormFactor < s_formFactors.Length ? s_formFactors[record.FormFactor] : Other;
        instance["MaxTransferRate"] = record.Speed is { } speed ? speed : CimValue.Null;
        instance["ConfiguredTransferRate"] = record.ConfiguredSpeed is { } configured ? configured : CimValue.Null;
        instance["IsSpeedInMhz"] = true;
        instance["MaxMemorySpeed"] = record.Speed is { } max ? max : CimValue.Null;
        instance["ConfiguredMemoryClockSpeed"] = record.ConfiguredSpeed is { } clock ? clock : CimValue.Null;
        instance["Ranks"] = record.Rank is { } rank ? (ushort)rank : CimValue.Null;
        instance["ConfiguredVoltage"] = record.ConfiguredVoltage is { } volts ? (uint)volts : CimValue.Null;
        instance["RemovalConditions"] = (ushort)3;
        Health.Ok.Set(instance);
        return ValueTask.FromResult(instance);
    }
}
