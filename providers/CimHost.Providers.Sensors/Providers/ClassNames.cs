namespace CimHost.Providers.Sensors.Providers;

/// <summary>Names of the classes in Schema/.</summary>
internal static class ClassNames
{
    public const string ComputerSystem = "CimHost_ComputerSystem";
    public const string HwmonSensor = "CimHost_HwmonSensor";
    public const string HwmonDiscreteSensor = "CimHost_HwmonDiscreteSensor";
    public const string HwmonFan = "CimHost_HwmonFan";
    public const string ThermalZone = "CimHost_ThermalZone";
    public const string CoolingDevice = "CimHost_CoolingDevice";
    public const string AssociatedSensor = "CimHost_HwmonAssociatedSensor";
    public const string SystemDevice = "CimHost_HwmonSystemDevice";
}
