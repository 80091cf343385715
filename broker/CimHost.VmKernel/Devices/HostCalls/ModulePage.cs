namespace CimHost.VmKernel.Devices.HostCalls;

/// <summary>128 bytes of the EEPROM of a network port's module.</summary>
/// <param name="Interface">The kernel's interface.</param>
/// <param name="Address">Address on the module's bus.</param>
/// <param name="Page">Page of the upper 128 bytes; null for the lower ones.</param>
internal readonly record struct ModulePage(string Interface, byte Address, byte? Page)
{
    /// <summary>Bytes of a page.</summary>
    public const int Length = 128;
}
