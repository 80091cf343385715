using System.Composition;
using System.Runtime.CompilerServices;
using CimHost.Providers.Ipmi.Model;
using CimHost.Providers.Ipmi.Wire.Sel;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Ipmi.Cim;

/// <summary>The records of the event logs once more, for clients that ask for CIM_LogRecord as ESXi has it.</summary>
[CimProvider("OMC_IpmiLogRecord", DeadlineSeconds = 60)]
[method: ImportingConstructor]
internal sealed class LogRecordProvider(IpmiModels models) : IpmiProvider(models)
{
    protected override async IAsyncEnumerable<CimInstance> TellAsync(BmcModel model, InventoryState state, CimProviderRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (state.Failure is not null || await model.Log.ReadAsync(cancellationToken) is not { } log)
        {
            yield break;
        }

        foreach (SelRecord record in log.Records)
        {
            CimInstance instance = request.NewInstance();
            EventRecords.Describe(instance, new SelEvent(record, state.Inventory), state.Inventory);
            instance["LogCreationClassName"] = IpmiPaths.LogClass;
            instance["LogName"] = IpmiPaths.LogId(model);
            instance["CreationClassName"] = request.CimClass.ClassName;

            // The time is part of the key and cannot be NULL: a record without one counts from the beginning.
            instance["MessageTimestamp"] = DateTimeOffset.FromUnixTimeSeconds(record.Seconds ?? 0);
            yield return instance;
        }
    }
}
