namespace CimHost.Providers.Platform.Providers;

/// <summary>Names of the classes in Schema/.</summary>
internal static class ClassNames
{
    /// <summary>Class of the computer itself, which the package of the kernel's sensors tells.</summary>
    public const string ComputerSystem = "CimHost_ComputerSystem";

    public const string Processor = "CimHost_Processor";
    public const string PhysicalMemory = "CimHost_PhysicalMemory";
    public const string Chassis = "CimHost_Chassis";
}
