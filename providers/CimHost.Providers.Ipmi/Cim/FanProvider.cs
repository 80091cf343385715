using System.Composition;
using CimHost.Providers.Ipmi.Model;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Ipmi.Cim;

/// <summary>Fans (DSP1013).</summary>
[CimProvider("OMC_Fan")]
[method: ImportingConstructor]
internal sealed class FanProvider(IpmiModels models) : DeviceProvider(models)
{
    protected override IReadOnlyList<MachineDevice> Devices(BmcModel model, BmcInventory inventory) => MachineDevices.Fans(model.Port.Name, inventory);

    protected override ValueTask DescribeAsync(CimInstance instance, MachineDevice device, BmcModel model, BmcInventory inventory, CancellationToken cancellationToken)
    {
        instance["ActiveCooling"] = true;
        return ValueTask.CompletedTask;
    }
}
