using System.Composition;
using System.Runtime.CompilerServices;
using CimHost.Providers.Power.Model;
using CimHost.Providers.Power.Sources;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Hardware;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Power.Providers;

/// <summary>CimHost_UninterruptiblePowerSupply: one instance per UPS.</summary>
[CimProvider(ClassNames.Ups)]
[method: ImportingConstructor]
internal sealed class UpsProvider(IProviderHost host, PowerCatalog catalog) : ICimProvider
{
    /// <inheritdoc/>
    public async IAsyncEnumerable<CimInstance> EnumerateAsync(CimProviderRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        bool look = RequestDetail.WantsReading(request);
        await foreach ((PowerDevice device, PowerReading reading) in catalog.ReadAsync(d => d.Kind == PowerDeviceKind.Ups, look, cancellationToken))
        {
            yield return NewInstance(request, device, reading);
        }
    }

    private CimInstance NewInstance(CimProviderRequest request, PowerDevice device, PowerReading reading)
    {
        CimInstance instance = DevicePaths.NewDevice(host, request, device.Id);
        PowerCondition condition = PowerCondition.OfUps(reading);
        DeviceProperties.SetIdentity(instance, device, reading, "UPS");
        DeviceProperties.SetState(instance, reading, condition);
        instance["FirmwareVersion"] = reading.FirmwareVersion;
        instance["CurrentState"] = condition.Text;
        instance["AlarmText"] = reading.Alarm;
        instance["IsACOutput"] = true;
        instance["IsACInput"] = true;
        instance["EstimatedChargeRemaining"] = DeviceProperties.Percent(reading.Value(Measurement.BatteryCharge));
        instance["EstimatedRunTime"] = DeviceProperties.Minutes(reading.Value(Measurement.BatteryRunTime));
        instance["RemainingCapacityStatus"] = CapacityStatus(reading);

        // The device does not count the time on battery; that it is 0 on mains is known.
        instance["TimeOnBackup"] = reading.Is(PowerFlags.AcPresent) == true ? 0u : CimValue.Null;
        instance["TotalOutputPower"] = DeviceProperties.Thousandths(reading.RatedPower);
        instance["RatedApparentPower"] = reading.RatedApparentPower is >= 0 and < uint.MaxValue ? (uint)Math.Round(reading.RatedApparentPower.Value) : CimValue.Null;
        return instance;
    }

    // 0 unknown, 2 normal, 3 low, 4 depleted.
    private static ushort CapacityStatus(PowerReading reading)
    {
        if (reading.State != ReadingState.Ok)
        {
            return 0;
        }

        return reading.Is(PowerFlags.FullyDischarged) == true ? (ushort)4
            : reading.Is(PowerFlags.BelowRemainingCapacityLimit) is { } low ? (ushort)(low ? 3 : 2)
            : (ushort)0;
    }
}
