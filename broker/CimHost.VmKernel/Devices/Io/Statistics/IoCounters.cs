using CimHost.Sdk.Hardware;

namespace CimHost.VmKernel.Devices.Io.Statistics;

/// <summary>What is counted of the requests of one world to one device; any thread may count.</summary>
internal sealed class IoCounters
{
    private readonly long[] _errors = new long[IoStatistics.FaultCount];
    private long _requests;
    private long _succeeded;
    private long _bytes;
    private long _otherErrors;
    private long _timeouts;
    private long _cancelled;
    private long _aborts;
    private long _retries;
    private long _refused;

    public LatencyRecorder QueueTime { get; } = new();

    public LatencyRecorder ServiceTime { get; } = new();

    public void CountRequest() => Interlocked.Increment(ref _requests);

    public void CountSuccess(long bytes)
    {
        Interlocked.Increment(ref _succeeded);
        Interlocked.Add(ref _bytes, bytes);
    }

    public void CountError(HardwareFault fault) => Interlocked.Increment(ref _errors[(int)fault]);

    public void CountOtherError() => Interlocked.Increment(ref _otherErrors);

    public void CountTimeout() => Interlocked.Increment(ref _timeouts);

    public void CountCancelled() => Interlocked.Increment(ref _cancelled);

    public void CountAbort() => Interlocked.Increment(ref _aborts);

    public void CountRetry() => Interlocked.Increment(ref _retries);

    public void CountRefused() => Interlocked.Increment(ref _refused);

    public IoStatistics GetSnapshot(int queued, int inFlight, int overdue)
    {
        long[] errors = new long[_errors.Length];
        for (int i = 0; i < errors.Length; i++)
        {
            errors[i] = Volatile.Read(ref _errors[i]);
        }

        return new IoStatistics
        {
            Requests = Volatile.Read(ref _requests),
            Succeeded = Volatile.Read(ref _succeeded),
            Bytes = Volatile.Read(ref _bytes),
            Errors = errors,
            OtherErrors = Volatile.Read(ref _otherErrors),
            Timeouts = Volatile.Read(ref _timeouts),
            Cancelled = Volatile.Read(ref _cancelled),
            Aborts = Volatile.Read(ref _aborts),
            Retries = Volatile.Read(ref _retries),
            Refused = Volatile.Read(ref _refused),
            Queued = queued,
            InFlight = inFlight,
            Overdue = overdue,
            QueueTime = QueueTime.GetSnapshot(),
            ServiceTime = ServiceTime.GetSnapshot(),
        };
    }
}
