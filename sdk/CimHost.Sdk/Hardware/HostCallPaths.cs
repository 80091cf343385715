namespace CimHost.Sdk.Hardware;

/// <summary>
/// Paths in an <see cref="IFileTree"/> of what Linux tells by system calls and by no file. The host shows it as files of its own, so that it is
/// declared, captured, replayed and broken on command as all others are. They are read, not listed.
/// </summary>
public static class HostCallPaths
{
    /// <summary>The folder that they are in.</summary>
    public const string Root = "/cimhost";

    /// <summary>Folder of <see cref="FileSystem"/>.</summary>
    public const string FileSystems = Root + "/statvfs";

    /// <summary>Folder of <see cref="ModulePage"/>.</summary>
    public const string Modules = Root + "/module-eeprom";

    /// <summary>
    /// Room in a mounted file system (statvfs(3)): the lines "size N", "free N" and "available N" in bytes; the last is what users other than
    /// root may take.
    /// </summary>
    /// <param name="mountPoint">Where it is mounted.</param>
    public static string FileSystem(string mountPoint) => $"{FileSystems}/{Uri.EscapeDataString(mountPoint)}";

    /// <summary>
    /// 128 bytes of the EEPROM of a network port's plug-in module (ETHTOOL_MSG_MODULE_EEPROM_GET of the kernel's ethtool netlink). Reading it
    /// fails with <see cref="HardwareFault.Unsupported"/> when there is no module, no such page, or the driver cannot tell.
    /// </summary>
    /// <param name="interfaceName">The kernel's interface.</param>
    /// <param name="address">Address on the module's bus: 50h, or 51h for the diagnostics of an SFP (SFF-8472).</param>
    /// <param name="page">Page of the upper 128 bytes; null for the lower 128 bytes.</param>
    public static string ModulePage(string interfaceName, byte address, byte? page) =>
        $"{Modules}/{Uri.EscapeDataString(interfaceName)}/{address:x2}.{(page is { } upper ? upper.ToString("x2", System.Globalization.CultureInfo.InvariantCulture) : "lower")}";
}
