namespace CimHost.Providers.Storage.Cim;

/// <summary>Names of the classes in Schema/, and of the computer that the devices belong to.</summary>
internal static class ClassNames
{
    public const string ComputerSystem = "CimHost_ComputerSystem";
    public const string DiskDrive = "CimHost_DiskDrive";
    public const string StorageExtent = "CimHost_StorageExtent";
    public const string DiskSensor = "CimHost_DiskSensor";
    public const string DiskController = "CimHost_DiskController";
    public const string DiskPackage = "CimHost_DiskPackage";
    public const string DiskFirmware = "CimHost_DiskFirmware";
    public const string SmartAttribute = "CimHost_SmartAttribute";
    public const string SelfTestLog = "CimHost_SelfTestLog";
    public const string SelfTestRecord = "CimHost_SelfTestRecord";
    public const string DiskErrorLog = "CimHost_DiskErrorLog";
    public const string DiskErrorEntry = "CimHost_DiskErrorEntry";
    public const string Enclosure = "CimHost_DiskEnclosure";
    public const string EnclosureSlot = "CimHost_EnclosureSlot";
    public const string EnclosureFan = "CimHost_EnclosureFan";
    public const string EnclosurePowerSupply = "CimHost_EnclosurePowerSupply";
    public const string DiagnosticTest = "CimHost_DiskDiagnosticTest";
    public const string SelfTestJob = "CimHost_SelfTestJob";
    public const string SystemDevice = "CimHost_DiskSystemDevice";
    public const string AssociatedSensor = "CimHost_DiskAssociatedSensor";
    public const string MediaPresent = "CimHost_DiskMediaPresent";
    public const string Realizes = "CimHost_DiskRealizes";
    public const string ControlledBy = "CimHost_DiskControlledBy";
    public const string ElementSoftwareIdentity = "CimHost_DiskElementSoftwareIdentity";
    public const string AttributeOfDisk = "CimHost_DiskSmartAttribute";
    public const string UseOfLog = "CimHost_DiskUseOfLog";
    public const string LogManagesRecord = "CimHost_DiskLogManagesRecord";
    public const string DiskInSlot = "CimHost_DiskInEnclosureSlot";
    public const string HostedTest = "CimHost_HostedDiskDiagnosticTest";
    public const string AvailableTest = "CimHost_AvailableDiskDiagnosticTest";
    public const string TestAffectsDisk = "CimHost_DiskDiagnosticTestAffectsDisk";
    public const string OwningJob = "CimHost_OwningSelfTestJob";
    public const string AffectedByJob = "CimHost_DiskAffectedBySelfTestJob";
}
