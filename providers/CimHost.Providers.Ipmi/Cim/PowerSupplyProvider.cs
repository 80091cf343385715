using System.Composition;
using CimHost.Providers.Ipmi.Model;
using CimHost.Providers.Ipmi.Wire.Fru;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Ipmi.Cim;

/// <summary>Power supplies (DSP1015); ratings come from the power supply information of their FRU.</summary>
[CimProvider("OMC_PowerSupply")]
[method: ImportingConstructor]
internal sealed class PowerSupplyProvider(IpmiModels models) : DeviceProvider(models)
{
    private const ushort Manual = 3;
    private const ushort Autoswitch = 4;

    protected override IReadOnlyList<MachineDevice> Devices(BmcModel model, BmcInventory inventory) => MachineDevices.PowerSupplies(model.Port.Name, inventory);

    protected override async ValueTask DescribeAsync(CimInstance instance, MachineDevice device, BmcModel model, BmcInventory inventory, CancellationToken cancellationToken)
    {
        BmcAssets assets = await model.AssetsAsync(inventory, cancellationToken);
        FruInventory? fru = assets.Find(device.Entity)?.Inventory;
        if (fru is not null && fru.MultiRecords.Any(r => r.Type == FruMultiRecord.DcOutput && FruDcOutput.TryRead(r.Data, out _)))
        {
            instance["IsACOutput"] = false;
        }

        if (fru?.PowerSupply is { } info)
        {
            SetRatings(instance, info);
        }
    }

    private static void SetRatings(CimInstance instance, FruPowerSupplyInfo info)
    {
        instance["TotalOutputPower"] = (uint)info.CapacityWatts * 1000;
        instance["RatedMaxOutputPower"] = (uint)info.CapacityWatts * 1000;
        instance["Range1InputVoltageLow"] = Known(info.LowVoltage1);
        instance["Range1InputVoltageHigh"] = Known(info.HighVoltage1);
        instance["Range2InputVoltageLow"] = Known(info.LowVoltage2);
        instance["Range2InputVoltageHigh"] = Known(info.HighVoltage2);
        instance["Range1InputFrequencyLow"] = (uint)info.LowFrequency;
        instance["Range1InputFrequencyHigh"] = (uint)info.HighFrequency;
        instance["IsACInput"] = info.HighFrequency > 0;
        instance["TypeOfRangeSwitching"] = info.Autoswitch ? Autoswitch : Manual;
    }

    private static CimValue Known(int millivolts) => millivolts == 0 ? default(CimValue) : (uint)millivolts;

}
