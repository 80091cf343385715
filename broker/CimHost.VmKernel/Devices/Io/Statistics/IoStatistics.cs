using CimHost.Sdk.Hardware;

namespace CimHost.VmKernel.Devices.Io.Statistics;

/// <summary>
/// What became of the requests to a device, of one world or of all: counts since the device was attached, and how many are under way now.
/// Requests = Succeeded + all errors + Cancelled + those under way.
/// </summary>
public sealed record IoStatistics
{
    /// <summary>Number of kinds of faults.</summary>
    internal static readonly int FaultCount = Enum.GetValues<HardwareFault>().Max(fault => (int)fault) + 1;

    /// <summary>Nothing happened.</summary>
    public static IoStatistics None { get; } = new();

    /// <summary>Requests submitted.</summary>
    public long Requests { get; init; }

    /// <summary>Requests that were answered.</summary>
    public long Succeeded { get; init; }

    /// <summary>Bytes of the answered ones, both ways, where the kind of port knows them.</summary>
    public long Bytes { get; init; }

    /// <summary>Failed requests by <see cref="HardwareFault"/>, as the caller saw them: injected faults, timeouts and refusals included.</summary>
    public IReadOnlyList<long> Errors { get; init; } = new long[FaultCount];

    /// <summary>Requests that failed with an exception that is no <see cref="HardwareException"/>: a fault of the driver.</summary>
    public long OtherErrors { get; init; }

    /// <summary>Of the errors: requests that the path itself ended at their deadline.</summary>
    public long Timeouts { get; init; }

    /// <summary>Requests that the caller gave up.</summary>
    public long Cancelled { get; init; }

    /// <summary>Requests that were taken back from the driver: at the deadline, because the caller gave up, or at detach.</summary>
    public long Aborts { get; init; }

    /// <summary>Times that a request was given to the driver again.</summary>
    public long Retries { get; init; }

    /// <summary>Of the errors: requests that were not taken because too many of the world waited already.</summary>
    public long Refused { get; init; }

    /// <summary>Requests that wait for a slot now.</summary>
    public int Queued { get; init; }

    /// <summary>Slots that are held now: requests with the driver.</summary>
    public int InFlight { get; init; }

    /// <summary>Most slots that were held at once since the device was attached; of worlds together the largest of theirs.</summary>
    public int MostInFlight { get; init; }

    /// <summary>Of the slots held now, requests whose caller was answered at the deadline while the driver has not let go of them.</summary>
    public int Overdue { get; init; }

    /// <summary>Time from submission (of a retry: from the failure before it) to a slot; injected delays do not count.</summary>
    public LatencyHistogram QueueTime { get; init; } = LatencyHistogram.Empty;

    /// <summary>Time that the driver took, failures included, until it let go of the request.</summary>
    public LatencyHistogram ServiceTime { get; init; } = LatencyHistogram.Empty;

    /// <summary>Failed requests with that fault.</summary>
    public long ErrorsOf(HardwareFault fault) => Errors[(int)fault];

    /// <summary>Both together.</summary>
    public static IoStatistics operator +(IoStatistics left, IoStatistics right) => left.Add(right);

    /// <summary>Both together.</summary>
    public IoStatistics Add(IoStatistics other) => new()
    {
        Requests = Requests + other.Requests,
        Succeeded = Succeeded + other.Succeeded,
        Bytes = Bytes + other.Bytes,
        Errors = [.. Errors.Zip(other.Errors, (a, b) => a + b)],
        OtherErrors = OtherErrors + other.OtherErrors,
        Timeouts = Timeouts + other.Timeouts,
        Cancelled = Cancelled + other.Cancelled,
        Aborts = Aborts + other.Aborts,
        Retries = Retries + other.Retries,
        Refused = Refused + other.Refused,
        Queued = Queued + other.Queued,
        InFlight = InFlight + other.InFlight,
        MostInFlight = Math.Max(MostInFlight, other.MostInFlight),
        Overdue = Overdue + other.Overdue,
        QueueTime = QueueTime + other.QueueTime,
        ServiceTime = ServiceTime + other.ServiceTime,
    };
}
