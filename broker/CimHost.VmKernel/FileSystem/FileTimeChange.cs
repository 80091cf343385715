namespace CimHost.VmKernel.FileSystem;

/// <summary>What utimensat() does to one timestamp (POSIX.1-2017 futimens()).</summary>
public readonly record struct FileTimeChange
{
    private FileTimeChange(bool isNow, bool isOmitted, long time)
    {
        IsNow = isNow;
        IsOmitted = isOmitted;
        Time = time;
    }

    /// <summary>UTIME_NOW: the present time.</summary>
    public static FileTimeChange Now { get; } = new(true, false, 0);

    /// <summary>UTIME_OMIT: stays as it is.</summary>
    public static FileTimeChange Omit { get; } = new(false, true, 0);

    /// <summary>Whether the present time is meant.</summary>
    public bool IsNow { get; }

    /// <summary>Whether the timestamp stays.</summary>
    public bool IsOmitted { get; }

    /// <summary>The time, when neither: nanoseconds since 1970-01-01 UTC.</summary>
    public long Time { get; }

    /// <summary>A given time.</summary>
    /// <param name="nanoseconds">Nanoseconds since 1970-01-01 UTC.</param>
    public static FileTimeChange At(long nanoseconds) => new(false, false, nanoseconds);

    internal long Apply(long old, long now) => IsOmitted ? old : IsNow ? now : Time;
}
