using System.Composition;
using CimHost.Providers.Storage.Devices;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Storage.Cim;

/// <summary>The logs of disks, and the records in them.</summary>
[CimProvider(ClassNames.SelfTestLog, ClassNames.SelfTestRecord, ClassNames.DiskErrorLog, ClassNames.DiskErrorEntry, DeadlineSeconds = 60)]
[method: ImportingConstructor]
internal sealed class LogProvider(IProviderHost host, StorageDevices devices) : StorageProvider(host, devices)
{
    public const string SelfTests = "selftests";
    public const string Errors = "errors";

    private const ushort Information = 2;
    private const ushort Wraps = 2;
    private const ushort Results = 2;

    /// <summary>Records with names that are different: a test that came out the same way in the same hour gets a number.</summary>
    public static IEnumerable<(string Part, DiskRecord Record)> Parts(string log, IReadOnlyList<DiskRecord> records)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);

        // Numbered from the oldest, so that a new record changes no name.
        var parts = new List<(string, DiskRecord)>();
        foreach (DiskRecord record in records.Reverse())
        {
            int number = seen[record.Key] = seen.GetValueOrDefault(record.Key) + 1;
            parts.Add((number == 1 ? $"{log}/{record.Key}" : $"{log}/{record.Key}.{number}", record));
        }

        parts.Reverse();
        return parts;
    }

    protected override bool Serves(DiskIdentity identity) => identity.IsDisk;

    protected override async ValueTask<IReadOnlyList<CimInstance>> TellAsync(StorageDevice device, DiskIdentity identity, CimProviderRequest request, CancellationToken cancellationToken)
    {
        DiskSample sample = await device.SampleAsync(cancellationToken);
        return request.CimClass.ClassName switch
        {
            ClassNames.SelfTestLog => [Log(identity, request, SelfTests, "Self-test log", sample.SelfTests.Count)],
            ClassNames.DiskErrorLog => [Log(identity, request, Errors, "Error log", sample.Errors.Count)],
            ClassNames.SelfTestRecord => [.. Parts(SelfTests, sample.SelfTests).Select(p => SelfTest(identity, request, p.Part, p.Record))],
            _ => [.. Parts(Errors, sample.Errors).Select(p => Error(identity, request, p.Part, p.Record))],
        };
    }

    private static CimInstance Log(DiskIdentity identity, CimProviderRequest request, string part, string name, int count)
    {
        CimInstance instance = request.NewInstance();
        instance["InstanceID"] = StoragePaths.InstanceId(identity, part);
        instance["Name"] = $"{identity.DeviceId}/{part}";
        instance["Caption"] = name;
        instance["ElementName"] = $"{name} of {identity.Model} ({identity.SerialNumber})";
        instance["CurrentNumberOfRecords"] = (ulong)count;
        instance["MaxNumberOfRecords"] = 0ul;
        instance["OverwritePolicy"] = Wraps;
        instance["EnabledState"] = (ushort)2;
        return instance;
    }

    private static CimInstance SelfTest(DiskIdentity identity, CimProviderRequest request, string part, DiskRecord record)
    {
        CimInstance instance = NewRecord(identity, request, part, record);
        instance["ServiceName"] = record.Test?.Kind is { } kind ? StoragePaths.NameOf(kind) : "Self-test";
        instance["RecordType"] = Results;
        instance["ManagedElementName"] = $"{identity.Model} ({identity.SerialNumber})";
        SelfTestEnd end = record.Test?.End ?? SelfTestEnd.Unknown;
        instance["CompletionState"] = (ushort)end;
        instance["LoopsPassed"] = end == SelfTestEnd.Passed ? 1u : 0u;
        instance["LoopsFailed"] = end == SelfTestEnd.Failed ? 1u : 0u;
        instance["ErrorCode"] = end == SelfTestEnd.Failed ? new[] { record.Text } : [];
        instance["ErrorCount"] = end == SelfTestEnd.Failed ? new[] { 1u } : [];
        return instance;
    }

    private static CimInstance Error(DiskIdentity identity, CimProviderRequest request, string part, DiskRecord record)
    {
        CimInstance instance = NewRecord(identity, request, part, record);
        instance["LogInstanceID"] = StoragePaths.InstanceId(identity, Errors);
        instance["LogName"] = $"{identity.DeviceId}/{Errors}";
        instance["RecordID"] = record.Key;
        instance["OwningEntity"] = "CimHost";
        instance["MessageID"] = "DiskError";
        return instance;
    }

    private static CimInstance NewRecord(DiskIdentity identity, CimProviderRequest request, string part, DiskRecord record)
    {
        CimInstance instance = request.NewInstance();
        instance["InstanceID"] = StoragePaths.InstanceId(identity, part);
        instance["ElementName"] = record.Text;
        instance["Message"] = record.Text;
        instance["PerceivedSeverity"] = record.Severity == 0 ? Information : record.Severity;
        instance["RecordData"] = record.Data;
        instance["RecordFormat"] = "name=value, separated by commas";
        instance["PowerOnHours"] = record.Hours;
        return instance;
    }
}
