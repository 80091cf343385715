namespace CimHost.VmKernel.FileSystem;

/// <summary>Major and minor number of a device in one number, in the 64-bit form that Linux uses for st_rdev.</summary>
public static class DeviceNumber
{
    /// <summary>Puts the two together.</summary>
    /// <param name="major">Number of the driver.</param>
    /// <param name="minor">Number of the device of that driver.</param>
    public static ulong Of(uint major, uint minor) =>
        (minor & 0xFFul) | ((major & 0xFFFul) << 8) | ((minor & ~0xFFul) << 12) | ((major & ~0xFFFul) << 32);

    /// <summary>Number of the driver.</summary>
    public static uint Major(ulong device) => (uint)(((device >> 8) & 0xFFF) | ((device >> 32) & ~0xFFFul));

    /// <summary>Number of the device of that driver.</summary>
    public static uint Minor(ulong device) => (uint)((device & 0xFF) | ((device >> 12) & ~0xFFul));
}
