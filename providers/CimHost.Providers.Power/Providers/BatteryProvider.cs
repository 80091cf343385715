using System.Composition;
using System.Runtime.CompilerServices;
using CimHost.Providers.Power.Model;
using CimHost.Providers.Power.Sources;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Hardware;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Power.Providers;

/// <summary>CimHost_Battery: one instance per battery of its own, and one for the battery of each UPS.</summary>
[CimProvider(ClassNames.Battery)]
[method: ImportingConstructor]
internal sealed class BatteryProvider(IProviderHost host, PowerCatalog catalog) : ICimProvider
{
    /// <inheritdoc/>
    public async IAsyncEnumerable<CimInstance> EnumerateAsync(CimProviderRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        bool look = RequestDetail.WantsReading(request);
        await foreach ((PowerDevice device, PowerReading reading) in catalog.ReadAsync(d => d.HasBattery, look, cancellationToken))
        {
            yield return NewInstance(request, device, reading);
        }
    }

    private CimInstance NewInstance(CimProviderRequest request, PowerDevice device, PowerReading reading)
    {
        CimInstance instance = DevicePaths.NewDevice(host, request, device.Id);
        PowerCondition condition = PowerCondition.OfBattery(reading);
        bool absent = reading.Is(PowerFlags.BatteryPresent) == false;
        DeviceProperties.SetIdentity(instance, device, reading, device.Kind == PowerDeviceKind.Ups ? "Battery of UPS" : "Battery");
        DeviceProperties.SetState(instance, reading, condition);
        if (absent)
        {
            DeviceProperties.SetReadingState(instance, ReadingState.Absent, reading.Time, "the device says that no battery is installed");
        }

        instance["BatteryStatus"] = BatteryStates.Status(reading);
        instance["ChargingStatus"] = BatteryStates.Charging(reading);
        instance["EstimatedChargeRemaining"] = DeviceProperties.Percent(reading.Value(Measurement.BatteryCharge));
        instance["EstimatedRunTime"] = DeviceProperties.Minutes(reading.Value(Measurement.BatteryRunTime));
        instance["TimeOnBattery"] = reading.Is(PowerFlags.AcPresent) == true ? 0u : CimValue.Null;
        SetCapacities(instance, reading.Battery);
        return instance;
    }

    private static void SetCapacities(CimInstance instance, BatteryFacts battery)
    {
        instance["DesignVoltage"] = DeviceProperties.Thousandths(battery.DesignVoltage) is { } millivolts ? (ulong)millivolts : CimValue.Null;
        instance["DesignCapacity"] = Whole(battery.DesignCapacity);
        instance["FullChargeCapacity"] = Whole(battery.FullChargeCapacity);
        instance["RemainingCapacity"] = Whole(battery.RemainingCapacity);
        instance["TimeToFullCharge"] = DeviceProperties.Minutes(battery.TimeToFull);
        instance["RechargeCount"] = battery.CycleCount is >= 0 and <= uint.MaxValue ? (uint)battery.CycleCount.Value : CimValue.Null;
        (ushort chemistry, string? other) = BatteryStates.Chemistry(battery.Chemistry);
        instance["Chemistry"] = chemistry;
        instance["OtherChemistryDescription"] = other;
        instance["HealthPercent"] = battery is { FullChargeCapacity: { } full, DesignCapacity: > 0 and { } design }
            ? (byte)Math.Clamp(Math.Round(100 * full / design), 0, 100)
            : CimValue.Null;
    }

    private static CimValue Whole(double? value) => value is >= 0 and <= uint.MaxValue ? (uint)Math.Round(value.Value) : CimValue.Null;
}
