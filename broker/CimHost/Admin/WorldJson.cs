using System.Text.Json.Serialization;

namespace CimHost.Admin;

/// <summary>What a command about services says.</summary>
internal sealed record ServiceRequest(string Name = "", string? Policy = null);

/// <summary>A signal to a world.</summary>
internal sealed record KillRequest(int WorldId, string Signal = "TERM");

/// <summary>A service in a list.</summary>
internal sealed record ServiceRow(
    string Name, string Description, string State, string Since, string Policy, bool Required, IReadOnlyList<string> Requires, int Restarts, string? Reason, double CpuSeconds, long PeakMemoryBytes);

/// <summary>A world at one moment: what it is, and counters since its start.</summary>
internal sealed record WorldRow(
    int WorldId, int ParentId, string Name, string Group, string State, int UserId, int Threads, int OpenFiles, string Started, UsageCounters Usage);

/// <summary>A resource group at one moment: what it is given (CPU in millicores, memory in bytes), and counters since its start.</summary>
internal sealed record ResourceGroupRow(
    string Path, int Worlds, int CpuShares, long CpuReservation, long CpuLimit, long MemoryReservation, long MemoryLimit, UsageCounters Usage);

/// <summary>What was used: times in microseconds, memory in bytes.</summary>
internal sealed record UsageCounters(long Cpu, long Run, long Ready, long Throttled, long Switches, long MemoryConsumed, long MemoryPeak, long MemoryLimit);

/// <summary>All worlds and groups at one moment.</summary>
/// <param name="Time">When (ISO 8601, UTC).</param>
/// <param name="UptimeSeconds">Time since the host started, on a clock that is never set.</param>
/// <param name="Processors">Number of processors.</param>
/// <param name="Worlds">Worlds.</param>
/// <param name="Groups">Groups.</param>
/// <param name="Unscheduled">Worlds whose time the counters of their groups do not hold.</param>
internal sealed record TopAnswer(DateTimeOffset Time, double UptimeSeconds, int Processors, IReadOnlyList<WorldRow> Worlds, IReadOnlyList<ResourceGroupRow> Groups, IReadOnlyList<int> Unscheduled);

/// <summary>A device, and what became of the requests to it: of all worlds, and of each.</summary>
internal sealed record DeviceRow(string Id, string? Node, string Driver, string Description, string State, string Since, string? Reason, IoRow Total, IReadOnlyDictionary<string, IoRow> Worlds);

/// <summary>Requests to a device since it was attached; times in microseconds, histograms by powers of two.</summary>
internal sealed record IoRow(
    long Requests, long Succeeded, long Bytes, IReadOnlyDictionary<string, long> Errors, long Timeouts, long Aborts, long Retries, long Refused, long Cancelled,
    int Queued, int InFlight, int MostInFlight, int Overdue, long MeanMicroseconds, long P99Microseconds, IReadOnlyList<long> ServiceTime, IReadOnlyList<long> QueueTime);

/// <summary>Generated JSON code.</summary>
[JsonSerializable(typeof(ServiceRequest))]
[JsonSerializable(typeof(KillRequest))]
[JsonSerializable(typeof(List<ServiceRow>))]
[JsonSerializable(typeof(TopAnswer))]
[JsonSerializable(typeof(List<DeviceRow>))]
[JsonSerializable(typeof(AdminAnswer))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class WorldJson : JsonSerializerContext;
