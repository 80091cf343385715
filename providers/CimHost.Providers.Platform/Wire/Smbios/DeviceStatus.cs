namespace CimHost.Providers.Platform.Wire.Smbios;

/// <summary>Status of probes, cooling devices and power supplies.</summary>
internal static class DeviceStatus
{
    /// <summary>Names from 1 on.</summary>
    public static readonly string?[] Names = ["Other", "Unknown", "OK", "Non-critical", "Critical", "Non-recoverable"];
}
