using CimHost.Providers.Ipmi.Wire.Commands;
using CimHost.Providers.Ipmi.Wire.Sensors;
using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Ipmi.Model;

/// <summary>What one reading of a sensor gave.</summary>
/// <param name="Sensor">The sensor.</param>
/// <param name="Reading">Value (the state bits for discrete sensors), time and state.</param>
/// <param name="Answer">The controller's answer; null when there was none.</param>
internal sealed record SensorSample(BmcSensor Sensor, Reading Reading, GetSensorReading? Answer)
{
    /// <summary>True when value and states may be used.</summary>
    public bool IsOk => Reading.State == ReadingState.Ok;

    /// <summary>Asserted states with their offsets; none unless the sample is Ok and the controller gave states.</summary>
    public IEnumerable<(int Offset, SensorState State)> Asserted
    {
        get
        {
            int states = IsOk ? Answer?.States ?? 0 : 0;
            states &= Sensor.Record.IsThreshold ? 0x3F : 0x7FFF;
            for (int offset = 0; states >> offset != 0; offset++)
            {
                if ((states & (1 << offset)) != 0)
                {
                    yield return (offset, Sensor.State(offset));
                }
            }
        }
    }

    /// <summary>Worst severity of the asserted states; null when the states are not known.</summary>
    public StateSeverity? Severity => !IsOk || Answer?.States is null ? null : Asserted.Select(a => a.State.Severity).DefaultIfEmpty(StateSeverity.Ok).Max();

    /// <summary>A sample without a value.</summary>
    public static SensorSample Without(BmcSensor sensor, DateTimeOffset time, ReadingState state, string reason, GetSensorReading? answer = null) =>
        new(sensor, Reading.Without(sensor.Units.Symbol, time, state, reason), answer);
}
