using System.Composition;
using CimHost.Providers.Ipmi.Model;
using CimHost.Providers.Ipmi.Wire.Sensors;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Ipmi.Cim;

/// <summary>Sensors that give states (DSP1009 §7.2).</summary>
[CimProvider("OMC_DiscreteSensor")]
[method: ImportingConstructor]
internal sealed class DiscreteSensorProvider(IpmiModels models) : SensorProvider(models)
{
    private const string NoState = "No State Asserted";
    private const string Unknown = "Unknown";

    protected override bool Serves(BmcSensor sensor) => sensor.Kind == SensorKind.Discrete;

    protected override void Describe(CimInstance instance, BmcSensor sensor) =>
        instance["PossibleStates"] = new[] { NoState, Unknown }.Concat(sensor.StateOffsets.Select(o => sensor.State(o).Text)).ToArray();

    protected override ValueTask SetReadingAsync(CimInstance instance, SensorSample sample, SensorSweep sweep, CancellationToken cancellationToken)
    {
        (int Offset, SensorState State)[] asserted = [.. sample.Asserted];
        instance["CurrentState"] = sample.IsOk ? asserted.OrderByDescending(a => a.State.Severity).Select(a => a.State.Text).FirstOrDefault(NoState) : Unknown;
        instance["AssertedStates"] = sample.IsOk ? asserted.Select(a => a.State.Text).ToArray() : null;
        return ValueTask.CompletedTask;
    }
}
