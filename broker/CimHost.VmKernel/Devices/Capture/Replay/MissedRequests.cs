using Microsoft.Extensions.Logging;

namespace CimHost.VmKernel.Devices.Capture.Replay;

/// <summary>Requests that were never captured: counted, and told once each.</summary>
/// <param name="logger">Where they are told.</param>
internal sealed partial class MissedRequests(ILogger logger)
{
    private const int MostTold = 200;

    private readonly Lock _lock = new();
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);
    private long _count;

    /// <summary>How many there were.</summary>
    public long Count => Interlocked.Read(ref _count);

    public void Add(string port, string request)
    {
        Interlocked.Increment(ref _count);
        lock (_lock)
        {
            if (_told.Count >= MostTold || !_told.Add($"{port} {request}"))
            {
                return;
            }
        }

        LogMissed(logger, port, request);
    }

    [LoggerMessage(2311, LogLevel.Information, "{Port}: {Request} was not captured and is answered as something that is not there.")]
    private static partial void LogMissed(ILogger logger, string port, string request);
}
