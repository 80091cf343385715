using Microsoft.Extensions.Logging;

namespace CimHost.VmKernel.Worlds;

/// <summary>What the log says of worlds.</summary>
internal static partial class WorldLog
{
    [LoggerMessage(3101, LogLevel.Debug, "World {Id} ({Name}) started; its parent is {Parent}.")]
    public static partial void Spawned(ILogger logger, int id, string name, int parent);

    [LoggerMessage(3102, LogLevel.Debug, "World {Id} ({Name}) ended: {Status}; it used {CpuTime} of CPU time.")]
    public static partial void Ended(ILogger logger, int id, string name, WaitStatus status, TimeSpan cpuTime);

    [LoggerMessage(3103, LogLevel.Error, "World {Id} ({Name}) crashed after {CpuTime} of CPU time.")]
    public static partial void Crashed(ILogger logger, Exception exception, int id, string name, TimeSpan cpuTime);

    [LoggerMessage(3104, LogLevel.Error,
        "World {Id} ({Name}) was ended ({Status}) but cannot be stopped, in-process: its code still runs and has used {CpuTime} of CPU time. "
        + "Its system calls fail and its files are closed; only a restart of the host frees the processor.")]
    public static partial void CannotBeStopped(ILogger logger, int id, string name, WaitStatus status, TimeSpan cpuTime);

    [LoggerMessage(3105, LogLevel.Warning, "World {Id} ({Name}), which could not be stopped, has returned after all; CPU time {CpuTime}.")]
    public static partial void ReturnedAfterAll(ILogger logger, int id, string name, TimeSpan cpuTime);

    [LoggerMessage(3106, LogLevel.Warning, "World {Id} ({Name}) was refused a {What}: {Reason}")]
    public static partial void LimitReached(ILogger logger, int id, string name, string what, string reason);
}
