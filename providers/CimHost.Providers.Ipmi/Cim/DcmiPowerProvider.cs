using System.Composition;
using System.Runtime.CompilerServices;
using CimHost.Providers.Ipmi.Model;
using CimHost.Providers.Ipmi.Wire.Commands;
using CimHost.Providers.Ipmi.Wire.Sensors;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Hardware;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Ipmi.Cim;

/// <summary>Power that DCMI tells (DCMI 1.5 §6.6.1), with its statistics.</summary>
[CimProvider(IpmiPaths.DcmiPowerClass)]
[method: ImportingConstructor]
internal sealed class DcmiPowerProvider(IpmiModels models) : IpmiProvider(models)
{
    private const ushort PowerConsumption = 13;
    private const ushort Watts = 7;
    private const string Normal = "Normal";
    private const string Unknown = "Unknown";

    // Before this the controller's clock counts from its start (IPMI 2.0 §37).
    private const uint FirstTime = 0x2000_0000;

    protected override async IAsyncEnumerable<CimInstance> TellAsync(BmcModel model, InventoryState state, CimProviderRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (state.Failure is not null || await model.PowerReadingAsync(cancellationToken) is not { } power)
        {
            yield break;
        }

        CimInstance instance = IpmiPaths.NewDevice(request, model, IpmiPaths.DcmiPowerId(model), "System Power (DCMI)");
        instance["Name"] = "System Power (DCMI)";
        instance["SensorType"] = PowerConsumption;
        instance["SensorContext"] = "System";
        instance["BaseUnits"] = Watts;
        instance["UnitModifier"] = 0;
        instance["RateUnits"] = (ushort)0;
        instance["Resolution"] = 1u;
        instance["IsLinear"] = true;
        instance["PossibleStates"] = new[] { Normal, Unknown };
        instance["CurrentState"] = power.IsActive ? Normal : Unknown;
        instance["CurrentReading"] = power.IsActive ? (int)power.Current : default(CimValue);
        instance["MinimumReading"] = power.Minimum;
        instance["MaximumReading"] = power.Maximum;
        instance["AverageReading"] = power.Average;
        instance["StatisticsPeriod"] = power.PeriodMilliseconds;
        instance["ControllerTime"] = power.Timestamp is >= FirstTime and < uint.MaxValue ? DateTimeOffset.FromUnixTimeSeconds(power.Timestamp) : default(CimValue);
        ReadingState reading = power.IsActive ? ReadingState.Ok : ReadingState.Unavailable;
        string? reason = power.IsActive ? null : "the controller does not measure power now";
        instance["ReadingState"] = reading.ToString();
        instance["ReadingTime"] = Models.Host.Time.GetUtcNow();
        instance["ReadingReason"] = reason;
        Health.Set(instance, power.IsActive ? StateSeverity.Ok : null, reading, reason is null ? [] : [reason]);
        Health.SetEnabled(instance, reading);
        yield return instance;
    }
}
