using Microsoft.Extensions.Logging;

namespace CimHost.VmKernel.Boot.Services;

/// <summary>What is said in the log.</summary>
internal sealed partial class SupervisedService
{
    [LoggerMessage(4521, LogLevel.Error, "Service {Service} has crashed: {Exit}. It ran for {Seconds:F1} s and used {CpuSeconds:F3} s of CPU and at most {Memory} bytes of memory; it is started again in {BackOff} s.")]
    private partial void LogCrashed(string service, string exit, double seconds, double cpuSeconds, long memory, double backOff);

    [LoggerMessage(4522, LogLevel.Error, "Service {Service} could not be started: {Reason}. It is tried again in {BackOff} s.")]
    private partial void LogNotStarted(string service, string reason, double backOff);

    [LoggerMessage(4528, LogLevel.Error, "Service {Service} cannot be started: {Reason}. It is not tried again by itself.")]
    private partial void LogBlocked(string service, string reason);

    [LoggerMessage(4523, LogLevel.Warning, "Service {Service} is killed: {Reason}. It has used {CpuSeconds:F3} s of CPU and at most {Memory} bytes of memory.")]
    private partial void LogKilled(string service, string reason, double cpuSeconds, long memory);

    [LoggerMessage(4524, LogLevel.Error, "Service {Service} does not end even when killed and is left behind: {Reason}")]
    private partial void LogAbandoned(string service, string reason);

    [LoggerMessage(4525, LogLevel.Critical, "Service {Service} is not supervised any more, for a reason that was not foreseen.")]
    private partial void LogSupervisionFailed(Exception exception, string service);
}
