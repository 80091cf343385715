using System.Composition;
using System.Runtime.CompilerServices;
using CimHost.Providers.Ipmi.Model;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Ipmi.Cim;

/// <summary>Fans and power supplies that stand in for each other (DSP1013, DSP1015), as redundancy sensors tell it.</summary>
[CimProvider(IpmiPaths.RedundancySetClass)]
[method: ImportingConstructor]
internal sealed class RedundancySetProvider(IpmiModels models) : IpmiProvider(models)
{
    private const ushort Unknown = 0;
    private const ushort Fully = 2;
    private const ushort Degraded = 3;
    private const ushort Lost = 4;
    private const ushort Failed = 5;
    private const ushort NPlusOne = 2;

    // Offsets of the event/reading type 0Bh (IPMI 2.0 table 42-2), worst first: what does not suffice, what has none left, what has less, all.
    private static readonly (int Offset, ushort Status)[] s_statuses =
    [
        (5, Failed), (1, Lost), (3, Lost), (4, Lost), (2, Degraded), (6, Degraded), (7, Degraded), (0, Fully),
    ];

    private static readonly string[] s_read = ["RedundancyStatus", "StatusText", "ReadingReason"];

    protected override async IAsyncEnumerable<CimInstance> TellAsync(BmcModel model, InventoryState state, CimProviderRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using SweepLease lease = model.EnterSweep(state);
        foreach (RedundancyGroup group in RedundancyGroup.Find(model.Port.Name, state.Inventory))
        {
            CimInstance instance = request.NewInstance();
            instance["InstanceID"] = IpmiPaths.RedundancyId(model, group);
            instance["ElementName"] = group.Sensor.IdString;
            instance["Caption"] = $"{group.Members.Count} {(group.AreFans ? "fans" : "power supplies")} of {model.MachineName}";
            instance["SensorDeviceID"] = group.Sensor.DeviceId;
            instance["TypeOfSet"] = new[] { NPlusOne };
            instance["MaxNumberSupported"] = (uint)group.Members.Count;
            if (request.Wants(s_read))
            {
                SensorSample sample = await lease.Sweep.SampleAsync(group.Sensor).WaitAsync(cancellationToken);
                instance["RedundancyStatus"] = Status(sample);
                instance["StatusText"] = sample.IsOk ? string.Join(", ", sample.Asserted.Select(a => a.State.Text)) : null;
                instance["ReadingReason"] = sample.Reading.Reason;
            }

            yield return instance;
        }

        if (state.Failure is null && lease.Sweep.Failure is { } failure)
        {
            throw Unreadable(model, failure);
        }
    }

    private static ushort Status(SensorSample sample)
    {
        int[] asserted = [.. sample.Asserted.Select(a => a.Offset)];
        return s_statuses.Where(s => asserted.Contains(s.Offset)).Select(s => s.Status).FirstOrDefault(Unknown);
    }
}
