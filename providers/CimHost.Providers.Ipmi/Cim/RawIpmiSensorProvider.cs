using System.Composition;
using CimHost.Providers.Ipmi.Model;
using CimHost.Providers.Ipmi.Wire.Commands;
using CimHost.Providers.Ipmi.Wire.Sensors;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Ipmi.Cim;

/// <summary>Every sensor as the controller tells it, for tools that know IPMI.</summary>
[CimProvider("OMC_RawIpmiSensor")]
[method: ImportingConstructor]
internal sealed class RawIpmiSensorProvider(IpmiModels models) : SensorProvider(models)
{
    protected override bool Serves(BmcSensor sensor) => true;

    protected override void Describe(CimInstance instance, BmcSensor sensor)
    {
        instance["OwnerID"] = sensor.Record.OwnerId;
        instance["OwnerChannel"] = sensor.Record.Channel;
        instance["OwnerLUN"] = sensor.Record.Lun;
        instance["SensorNumber"] = sensor.Number;
        instance["RecordType"] = sensor.Record.Header.RecordType;
        instance["IPMISensorType"] = sensor.SensorType;
        instance["IPMISensorTypeName"] = SensorTypes.Name(sensor.SensorType);
        instance["EventReadingType"] = sensor.EventReadingType;
        instance["EntityID"] = sensor.Entity.Id;
        instance["EntityInstance"] = sensor.Entity.Instance;
    }

    protected override ValueTask SetReadingAsync(CimInstance instance, SensorSample sample, SensorSweep sweep, CancellationToken cancellationToken)
    {
        GetSensorReading? answer = sample.Answer;
        instance["RawReading"] = answer is { IsAvailable: true } reading ? reading.Raw : default(CimValue);
        instance["ScanningEnabled"] = answer?.ScanningEnabled;
        instance["EventMessagesEnabled"] = answer?.EventMessagesEnabled;
        instance["ReadingUnavailable"] = answer?.Unavailable;
        instance["StateBits"] = sample.IsOk ? answer?.States : null;
        instance["AssertedOffsets"] = sample.IsOk && answer?.States is not null ? sample.Asserted.Select(a => (byte)a.Offset).ToArray() : null;
        return ValueTask.CompletedTask;
    }
}
