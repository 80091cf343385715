namespace CimHost.Snmp.Notifications;

/// <summary>How it stands with a target that is told of the agent itself; how it stands with alerts is told where their receivers are.</summary>
/// <param name="Target">Name of the target.</param>
/// <param name="Address">Where it is.</param>
/// <param name="Kind">Version and kind, as "v3 inform".</param>
/// <param name="Sent">Notifications that were sent, and acknowledged if they are informs, since the start or the last change of the configuration.</param>
/// <param name="Failure">Why the last one was not; empty when it was.</param>
/// <param name="FailedAt">When that was.</param>
public sealed record TargetState(string Target, string Address, string Kind, long Sent, string Failure, DateTimeOffset? FailedAt);
