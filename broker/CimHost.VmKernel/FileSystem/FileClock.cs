namespace CimHost.VmKernel.FileSystem;

/// <summary>The clock of timestamps: nanoseconds since 1970-01-01 UTC, in steps of 100.</summary>
internal static class FileClock
{
    public static long Now => (DateTime.UtcNow.Ticks - DateTime.UnixEpoch.Ticks) * 100;
}
