using CimHost.Providers.Storage.Devices;
using CimHost.Providers.Storage.Wire.Ses;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Storage.Cim;

/// <summary>The associations of one device; both ends in the order in which the class declares them.</summary>
/// <param name="host">The host.</param>
/// <param name="ns">Namespace of the paths.</param>
/// <param name="identity">What the device is.</param>
/// <param name="sample">Its sample, for the classes that need one.</param>
/// <param name="jobs">Its jobs, for the classes that need them.</param>
/// <param name="controllerId">DeviceID of its controller, for the class that needs it; null when it is not known.</param>
internal sealed class DeviceLinks(IProviderHost host, string ns, DiskIdentity identity, DiskSample? sample, IReadOnlyList<SelfTestJob> jobs, string? controllerId)
{
    private CimObjectPath System => StoragePaths.System(host, ns);

    /// <summary>The disk, or the enclosure.</summary>
    private CimObjectPath Main => identity.IsDisk
        ? StoragePaths.Device(host, ns, ClassNames.DiskDrive, identity)
        : StoragePaths.Physical(ns, ClassNames.Enclosure, identity);

    /// <summary>The links of an association class.</summary>
    public IEnumerable<DeviceLink> Of(string className) => className switch
    {
        ClassNames.SystemDevice => Devices().Select(d => new DeviceLink(System, d)),
        ClassNames.AssociatedSensor => Sensors().Select(s => new DeviceLink(s, Main)),
        ClassNames.ElementSoftwareIdentity => FirmwareProvider.Images(identity, sample!).Select(f => new DeviceLink(StoragePaths.Instance(ns, ClassNames.DiskFirmware, identity, FirmwareProvider.PartOf(f)), Main)),
        _ when !identity.IsDisk => [],
        ClassNames.MediaPresent => identity.Blocks == 0 ? [] : [new(Main, Extent)],
        ClassNames.Realizes => [new(StoragePaths.Physical(ns, ClassNames.DiskPackage, identity), Main)],
        ClassNames.ControlledBy => Controller() is { } controller ? [new(controller, Main)] : [],
        ClassNames.AttributeOfDisk => sample!.Attributes.Select(a => new DeviceLink(Main, StoragePaths.Instance(ns, ClassNames.SmartAttribute, identity, a.Key))),
        ClassNames.UseOfLog => [new(Log(ClassNames.SelfTestLog, LogProvider.SelfTests), Main), new(Log(ClassNames.DiskErrorLog, LogProvider.Errors), Main)],
        ClassNames.LogManagesRecord =>
        [
            .. Records(ClassNames.SelfTestLog, ClassNames.SelfTestRecord, LogProvider.SelfTests, sample!.SelfTests),
            .. Records(ClassNames.DiskErrorLog, ClassNames.DiskErrorEntry, LogProvider.Errors, sample!.Errors),
        ],
        ClassNames.AvailableTest => sample!.SelfTestOffers.Select(o => new DeviceLink(Test(o.Kind), Main, o.Minutes)),
        ClassNames.TestAffectsDisk => sample!.SelfTestOffers.Select(o => new DeviceLink(Main, Test(o.Kind))),
        ClassNames.OwningJob => jobs.Select(j => new DeviceLink(Test(j.Kind), Job(j))),
        ClassNames.AffectedByJob => jobs.Select(j => new DeviceLink(Main, Job(j))),
        _ => [],
    };

    private CimObjectPath Extent => StoragePaths.Device(host, ns, ClassNames.StorageExtent, identity);

    private CimObjectPath Log(string className, string part) => StoragePaths.Instance(ns, className, identity, part);

    private CimObjectPath Test(SelfTestKind kind) => StoragePaths.DiagnosticTest(host, ns, kind);

    private CimObjectPath Job(SelfTestJob job) => StoragePaths.Instance(ns, ClassNames.SelfTestJob, identity, job.Key);

    private IEnumerable<DeviceLink> Records(string logClass, string recordClass, string log, IReadOnlyList<DiskRecord> records) =>
        LogProvider.Parts(log, records).Select(p => new DeviceLink(Log(logClass, log), StoragePaths.Instance(ns, recordClass, identity, p.Part)));

    private IEnumerable<CimObjectPath> Sensors() => sample!.Sensors.Select(s => StoragePaths.Device(host, ns, ClassNames.DiskSensor, identity, s.Key));

    private IEnumerable<CimObjectPath> Devices()
    {
        foreach (CimObjectPath sensor in Sensors())
        {
            yield return sensor;
        }

        foreach (SesElement element in sample!.Elements)
        {
            if (EnclosureProvider.ClassOf(element) is { } name)
            {
                yield return StoragePaths.Device(host, ns, name, identity, EnclosureProvider.PartOf(element));
            }
        }

        if (identity.IsDisk)
        {
            yield return Main;
            if (identity.Blocks != 0)
            {
                yield return Extent;
            }
        }
    }

    private CimObjectPath? Controller() => controllerId is { } id
        ? new CimObjectPath(
            ClassNames.DiskController,
            [
                new CimKeyBinding("SystemCreationClassName", ClassNames.ComputerSystem),
                new CimKeyBinding("SystemName", host.SystemName),
                new CimKeyBinding("CreationClassName", ClassNames.DiskController),
                new CimKeyBinding("DeviceID", id),
            ],
            ns)
        : null;
}
