namespace CimHost.VmKernel.Devices.Io;

/// <summary>Whether a device has a driver.</summary>
public enum DeviceState
{
    /// <summary>A driver serves it.</summary>
    Attached,

    /// <summary>It is gone, or an administrator took it away from its driver.</summary>
    Detached,

    /// <summary>Its driver could not be attached; the next scan tries again.</summary>
    Failed,
}
