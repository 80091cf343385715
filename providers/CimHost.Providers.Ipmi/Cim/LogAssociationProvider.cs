using System.Composition;
using System.Runtime.CompilerServices;
using CimHost.Providers.Ipmi.Model;
using CimHost.Providers.Ipmi.Wire.Sel;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Ipmi.Cim;

/// <summary>Which log belongs to which machine, and which records to which log (DSP1010).</summary>
[CimProvider(LogManagesRecord, UseOfLog, DeadlineSeconds = 60)]
[method: ImportingConstructor]
internal sealed class LogAssociationProvider(IpmiModels models) : IpmiAssociationProvider(models)
{
    private const string LogManagesRecord = "OMC_LogManagesRecord";
    private const string UseOfLog = "OMC_UseOfLog";

    protected override async IAsyncEnumerable<CimInstance> TellAsync(BmcModel model, InventoryState state, CimProviderRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (state.Failure is not null || await model.Log.ReadAsync(cancellationToken) is not { } log)
        {
            yield break;
        }

        CimObjectPath path = IpmiPaths.Log(model, request.Namespace);
        if (request.CimClass.ClassName == UseOfLog)
        {
            CimInstance use = Link(request, path, IpmiPaths.System(model, request.Namespace));
            use["RecordedData"] = "Events of the machine's sensors and firmware";
            yield return use;
            yield break;
        }

        foreach (SelRecord record in log.Records)
        {
            yield return Link(request, path, new CimObjectPath(IpmiPaths.EntryClass, "InstanceID", EventRecords.InstanceId(model, record), request.Namespace));
        }
    }
}
