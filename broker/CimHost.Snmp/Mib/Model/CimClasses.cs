namespace CimHost.Snmp.Mib.Model;

/// <summary>Classes that the MIBs are made of; each is read with its subclasses.</summary>
internal static class CimClasses
{
    public const string Sensor = "CIM_Sensor";
    public const string PhysicalElement = "CIM_PhysicalElement";
    public const string CoolingDevice = "CIM_CoolingDevice";
    public const string PowerSupply = "CIM_PowerSupply";
    public const string Battery = "CIM_Battery";
    public const string DiskDrive = "CIM_DiskDrive";
    public const string SmartAttribute = "CimHost_SmartAttribute";
    public const string NetworkPort = "CIM_NetworkPort";
    public const string NetworkPortStatistics = "CIM_NetworkPortStatistics";
    public const string Processor = "CIM_Processor";
    public const string LocalFileSystem = "CIM_LocalFileSystem";
    public const string OperatingSystem = "CIM_OperatingSystem";
    public const string Memory = "CIM_Memory";
    public const string PCIDevice = "CIM_PCIDevice";
    public const string SoftwareIdentity = "CIM_SoftwareIdentity";
    public const string BIOSElement = "CIM_BIOSElement";
    public const string ComputerSystem = "CIM_ComputerSystem";
    public const string ResourceGroup = "CimHost_ResourceGroup";
    public const string UserWorld = "CimHost_UserWorld";
    public const string ProviderHealth = "CimHost_ProviderHealth";
    public const string ProviderPackage = "CimHost_ProviderPackage";
    public const string AssociatedSensor = "CIM_AssociatedSensor";
    public const string Container = "CIM_Container";
    public const string Realizes = "CIM_Realizes";
    public const string ComputerSystemPackage = "CIM_ComputerSystemPackage";
    public const string ElementStatisticalData = "CIM_ElementStatisticalData";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        Sensor, PhysicalElement, CoolingDevice, PowerSupply, Battery, DiskDrive, SmartAttribute, NetworkPort, NetworkPortStatistics, Processor,
        LocalFileSystem, OperatingSystem, Memory, PCIDevice, SoftwareIdentity, BIOSElement, ComputerSystem, ResourceGroup, UserWorld,
        ProviderHealth, ProviderPackage, AssociatedSensor, Container, Realizes, ComputerSystemPackage, ElementStatisticalData,
    ];
}
