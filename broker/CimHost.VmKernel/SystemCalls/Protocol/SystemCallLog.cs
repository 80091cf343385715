using Microsoft.Extensions.Logging;

namespace CimHost.VmKernel.SystemCalls.Protocol;

/// <summary>What the log says of system calls.</summary>
internal static partial class SystemCallLog
{
    [LoggerMessage(3121, LogLevel.Error, "System call {Number} of world {World} failed by a defect of the kernel; the world was told EIO.")]
    public static partial void Defect(ILogger logger, Exception exception, int number, int world);
}
