namespace CimHost.Alerts;

/// <summary>A message to receivers: something became of an alert. Every receiver gets each of them once, with the same identity.</summary>
/// <param name="Sequence">Number of the event on this host, from 1, without gaps.</param>
/// <param name="Identity">The same text in every form in which the event is sent: a UUID as urn:uuid.</param>
/// <param name="Type">What became of the alert.</param>
/// <param name="Time">When.</param>
/// <param name="Alert">The alert as it was then.</param>
/// <param name="Correlated">Identity of the event that raised the alert; empty for that event itself.</param>
public sealed record AlertEvent(long Sequence, string Identity, AlertEventType Type, DateTimeOffset Time, Alert Alert, string Correlated);
