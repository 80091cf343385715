namespace CimHost.Providers.Power.Providers;

/// <summary>Names of the classes in Schema/, and of the computer's in the package of the sensors.</summary>
internal static class ClassNames
{
    public const string ComputerSystem = "CimHost_ComputerSystem";
    public const string Ups = "CimHost_UninterruptiblePowerSupply";
    public const string Battery = "CimHost_Battery";
    public const string Adapter = "CimHost_PowerAdapter";
    public const string Sensor = "CimHost_PowerSensor";
    public const string AssociatedSensor = "CimHost_PowerAssociatedSensor";
    public const string AssociatedBattery = "CimHost_AssociatedBattery";
    public const string SystemDevice = "CimHost_PowerSystemDevice";
}
