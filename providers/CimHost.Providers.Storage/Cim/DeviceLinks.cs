using CimHost.Providers.Storage.Devices;
using CimHost.Providers.Storage.Wire.Ses;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Storage.Cim;

/// <summary>The associations of one device; both ends in the order in which the class declares them.</summary>
/// <param name="host">The host.</param>
/// <param name="ns">Namespace of the paths.</param>
/// <param name="device">The device.</param>
/// <param name="identity">What it is.</param>
/// <param name="sample">Its sample, for the classes that need one.</param>
internal sealed class DeviceLinks(IProviderHost host, string ns, StorageDevice device, DiskIdentity identity, DiskSample? sample)
{
    private CimObjectPath System => StoragePaths.System(host, ns);

    /// <summary>The disk, or the enclosure.</summary>
    private CimObjectPath Main => identity.IsDisk
        ? StoragePaths.Device(host, ns, ClassNames.DiskDrive, identity)
        : StoragePaths.Physical(ns, ClassNames.Enclosure, identity);

    /// <summary>The links of an association class.</summary>
    public IEnumerable<(CimObjectPath First, CimObjectPath Second)> Of(string className) => className switch
    {
        ClassNames.SystemDevice => Devices().Select(d => (System, d)),
        ClassNames.AssociatedSensor => Sensors().Select(s => (s, Main)),
        ClassNames.ElementSoftwareIdentity => FirmwareProvider.Images(identity, sample!).Select(f => (StoragePaths.Instance(ns, ClassNames.DiskFirmware, identity, FirmwareProvider.PartOf(f)), Main)),
        _ when !identity.IsDisk => [],
        ClassNames.MediaPresent => identity.Blocks == 0 ? [] : [(Main, Extent)],
        ClassNames.Realizes => [(StoragePaths.Physical(ns, ClassNames.DiskPackage, identity), Main)],
        ClassNames.ControlledBy => Controller() is { } controller ? [(controller, Main)] : [],
        ClassNames.AttributeOfDisk => sample!.Attributes.Select(a => (Main, StoragePaths.Instance(ns, ClassNames.SmartAttribute, identity, a.Key))),
        ClassNames.UseOfLog => [(Log(ClassNames.SelfTestLog, LogProvider.SelfTests), Main), (Log(ClassNames.DiskErrorLog, LogProvider.Errors), Main)],
        ClassNames.LogManagesRecord =>
        [
            .. Records(ClassNames.SelfTestLog, ClassNames.SelfTestRecord, LogProvider.SelfTests, sample!.SelfTests),
            .. Records(ClassNames.DiskErrorLog, ClassNames.DiskErrorEntry, LogProvider.Errors, sample!.Errors),
        ],
        _ => [],
    };

    private CimObjectPath Extent => StoragePaths.Device(host, ns, ClassNames.StorageExtent, identity);

    private CimObjectPath Log(string className, string part) => StoragePaths.Instance(ns, className, identity, part);

    private IEnumerable<(CimObjectPath, CimObjectPath)> Records(string logClass, string recordClass, string log, IReadOnlyList<DiskRecord> records) =>
        LogProvider.Parts(log, records).Select(p => (Log(logClass, log), StoragePaths.Instance(ns, recordClass, identity, p.Part)));

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

    private CimObjectPath? Controller() => PartProvider.ControllerId(identity, device.Port.Location) is { } id
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
