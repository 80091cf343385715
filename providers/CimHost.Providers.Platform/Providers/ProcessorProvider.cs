using System.Composition;
using CimHost.Providers.Platform.Firmware;
using CimHost.Providers.Platform.Wire.Smbios;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Platform.Providers;

/// <summary>CimHost_Processor: one instance per populated socket.</summary>
[CimProvider(ClassNames.Processor)]
[method: ImportingConstructor]
internal sealed class ProcessorProvider(IProviderHost host, SmbiosSource source) : SmbiosProvider<ProcessorInformation>(source)
{
    private const byte CentralProcessor = 3;
    private const int LastUpgradeOfCim = 56;

    /// <inheritdoc/>
    protected override bool IsTold(ProcessorInformation record) => record.IsPopulated;

    /// <inheritdoc/>
    protected override ValueTask<CimInstance> MakeAsync(CimProviderRequest request, SmbiosInventory inventory, ProcessorInformation record, CancellationToken cancellationToken)
    {
        string name = inventory.NameOf(record);
        CimInstance instance = PlatformPaths.NewDevice(host, request, name, name);
        instance["SocketDesignation"] = record.SocketDesignation;
        instance["Role"] = record.ProcessorType == CentralProcessor ? "Central Processor" : null;
        instance["Manufacturer"] = record.Manufacturer;
        instance["Model"] = record.Version;
        instance["Family"] = record.Family;
        instance["FamilyName"] = ProcessorFamily.NameOf(record.Family);
        instance["UpgradeMethod"] = (ushort)(record.Upgrade is > 0 and <= LastUpgradeOfCim ? record.Upgrade : 1);
        instance["UniqueID"] = record.ProcessorId == 0 ? null : record.ProcessorId.ToString("X16", System.Globalization.CultureInfo.InvariantCulture);
        instance["MaxClockSpeed"] = NullIfZero(record.MaxSpeed);
        instance["CurrentClockSpeed"] = NullIfZero(record.CurrentSpeed);
        instance["ExternalBusClockSpeed"] = NullIfZero(record.ExternalClock);
        instance["NumberOfEnabledCores"] = record.CoreEnabled is { } cores ? cores : CimValue.Null;
        instance["NumberOfCores"] = record.CoreCount is { } count ? count : CimValue.Null;
        instance["NumberOfThreads"] = record.ThreadCount is { } threads ? threads : CimValue.Null;
        instance["Voltage"] = record.Voltages is [var volts] ? (uint)(volts * 1000) : CimValue.Null;
        instance["CPUStatus"] = (ushort)record.Status;
        instance["EnabledState"] = (ushort)(record.Status is 2 or 3 ? 3 : 2);
        HealthOf(record).Set(instance);
        return ValueTask.FromResult(instance);
    }

    private static Health HealthOf(ProcessorInformation record) => record.Status switch
    {
        1 or 4 => Health.Ok,
        2 => new Health(5, 10, "Disabled by the user"),
        3 => Health.Failed("Disabled by the firmware after its self test"),
        _ => Health.Unknown,
    };

    private static CimValue NullIfZero(ushort value) => value == 0 ? CimValue.Null : (uint)value;
}
