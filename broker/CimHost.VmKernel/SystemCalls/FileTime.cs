namespace CimHost.VmKernel.SystemCalls;

/// <summary>A timestamp to set (POSIX.1-2017 utimensat()).</summary>
/// <param name="Nanoseconds">Nanoseconds since 1970-01-01 UTC, or one of the two marks.</param>
public readonly record struct FileTime(long Nanoseconds)
{
    /// <summary>UTIME_NOW: the present time.</summary>
    public static FileTime Now => new(long.MaxValue);

    /// <summary>UTIME_OMIT: the timestamp stays.</summary>
    public static FileTime Omit => new(long.MinValue);
}
