using System.Composition;
using System.Runtime.CompilerServices;
using CimHost.Providers.Ipmi.Model;
using CimHost.Providers.Ipmi.Wire.Sel;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Ipmi.Cim;

/// <summary>The records of the event logs as log entries (DSP1010), oldest first, with the text that <c>ipmitool sel elist</c> prints.</summary>
[CimProvider(IpmiPaths.EntryClass, DeadlineSeconds = 60)]
[method: ImportingConstructor]
internal sealed class LogEntryProvider(IpmiModels models) : IpmiProvider(models)
{
    protected override async IAsyncEnumerable<CimInstance> TellAsync(BmcModel model, InventoryState state, CimProviderRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (state.Failure is not null || await model.Log.ReadAsync(cancellationToken) is not { } log)
        {
            yield break;
        }

        foreach (SelRecord record in log.Records)
        {
            yield return Entry(request, model, state.Inventory, new SelEvent(record, state.Inventory));
        }
    }

    private static CimInstance Entry(CimProviderRequest request, BmcModel model, BmcInventory inventory, SelEvent logged)
    {
        SelRecord record = logged.Record;
        CimInstance instance = request.NewInstance();
        instance["InstanceID"] = EventRecords.InstanceId(model, record);
        EventRecords.Describe(instance, logged, inventory);
        instance["LogInstanceID"] = IpmiPaths.LogId(model);
        instance["LogName"] = IpmiPaths.LogName;
        instance["CreationTimeStamp"] = record.Time is { } time ? time : default(CimValue);
        instance["SecondsSinceStart"] = record.SecondsSinceStart;
        instance["MessageID"] = logged.MessageId;
        instance["Message"] = logged.Message;
        instance["MessageArguments"] = record.IsEvent ? new[] { logged.Subject, logged.Text, logged.Direction } : [logged.Subject, logged.Text];
        instance["OwningEntity"] = "CimHost";
        instance["RecordType"] = record.Type;
        if (record.IsEvent)
        {
            instance["SensorDeviceID"] = logged.Sensor?.DeviceId;
            instance["GeneratorID"] = record.GeneratorId;
            instance["IPMISensorType"] = record.SensorType;
            instance["SensorNumber"] = record.SensorNumber;
            instance["EventType"] = record.EventType;
            instance["EventOffset"] = (byte)record.Offset;
            instance["IsAssertion"] = record.IsAssertion;
            instance["EventData"] = record.Bytes[13..].ToArray();
        }
        else
        {
            instance["EventData"] = record.OemData.ToArray();
        }

        return instance;
    }
}
