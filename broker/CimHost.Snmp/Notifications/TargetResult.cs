namespace CimHost.Snmp.Notifications;

/// <summary>What became of a notification at one target.</summary>
/// <param name="Target">Name of the target.</param>
/// <param name="Address">Where it is.</param>
/// <param name="Kind">Version and kind, as "v3 inform".</param>
/// <param name="Success">Whether it was sent, and acknowledged if it is an inform.</param>
/// <param name="Result">What came back, for people.</param>
public sealed record TargetResult(string Target, string Address, string Kind, bool Success, string Result);
