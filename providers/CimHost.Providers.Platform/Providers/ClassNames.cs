namespace CimHost.Providers.Platform.Providers;

/// <summary>Names of the classes in Schema/.</summary>
internal static class ClassNames
{
    /// <summary>Class of the computer itself, which the package of the kernel's sensors tells.</summary>
    public const string ComputerSystem = "CimHost_ComputerSystem";

    public const string Processor = "CimHost_Processor";
    public const string ProcessorPackage = "CimHost_ProcessorPackage";
    public const string CacheMemory = "CimHost_CacheMemory";
    public const string PhysicalMemory = "CimHost_PhysicalMemory";
    public const string Memory = "CimHost_Memory";
    public const string MemoryErrorCounter = "CimHost_MemoryErrorCounter";
    public const string Chassis = "CimHost_Chassis";
    public const string Card = "CimHost_Card";
    public const string Slot = "CimHost_Slot";
    public const string MemorySlot = "CimHost_MemorySlot";
    public const string PhysicalConnector = "CimHost_PhysicalConnector";
    public const string PowerSupplyPackage = "CimHost_PowerSupplyPackage";
    public const string BatteryPackage = "CimHost_BatteryPackage";
    public const string BiosElement = "CimHost_BIOSElement";
    public const string SmbiosStructure = "CimHost_SmbiosStructure";
    public const string PciDevice = "CimHost_PCIDevice";
    public const string UsbDevice = "CimHost_USBDevice";
    public const string EthernetPort = "CimHost_EthernetPort";
    public const string EthernetPortStatistics = "CimHost_EthernetPortStatistics";
    public const string OpticalModule = "CimHost_OpticalModule";
    public const string OpticalModuleSensor = "CimHost_OpticalModuleSensor";
    public const string ModuleRealizes = "CimHost_ModuleRealizes";
    public const string ModuleAssociatedSensor = "CimHost_ModuleAssociatedSensor";
    public const string OperatingSystem = "CimHost_OperatingSystem";
    public const string LocalFileSystem = "CimHost_LocalFileSystem";
    public const string BlockDevice = "CimHost_BlockDevice";
    public const string RollupHealthSensor = "CimHost_RollupHealthSensor";
    public const string Realizes = "CimHost_Realizes";
    public const string Container = "CimHost_Container";
    public const string ComputerSystemPackage = "CimHost_ComputerSystemPackage";
    public const string SystemDevice = "CimHost_PlatformSystemDevice";
    public const string AssociatedCacheMemory = "CimHost_AssociatedCacheMemory";
    public const string RunningOs = "CimHost_RunningOS";
    public const string HostedFileSystem = "CimHost_HostedFileSystem";
    public const string ResidesOnExtent = "CimHost_ResidesOnExtent";
    public const string ElementStatisticalData = "CimHost_ElementStatisticalData";
}
