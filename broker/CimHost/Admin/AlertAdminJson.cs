using System.Text.Json.Serialization;
using CimHost.Alerts;

namespace CimHost.Admin;

/// <summary>A command about alerts.</summary>
/// <param name="Id">Number of the alert.</param>
/// <param name="All">True: closed ones too.</param>
/// <param name="Count">How many at most.</param>
/// <param name="Message">Text of a test.</param>
/// <param name="Severity">Severity of a test.</param>
internal sealed record AlertRequest(long Id = 0, bool All = false, int Count = 100, string? Message = null, PerceivedSeverity? Severity = null);

/// <summary>An alert and what became of it.</summary>
/// <param name="Alert">The alert.</param>
/// <param name="Events">Its events, oldest first.</param>
internal sealed record AlertHistory(Alert Alert, List<AlertEvent> Events);

/// <summary>How a receiver does.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Delivered">Events that it got since the host started.</param>
/// <param name="Waiting">Events that it has not got yet.</param>
/// <param name="Lost">Events that it never got.</param>
/// <param name="Failure">Why the last attempt failed; empty when it did not.</param>
/// <param name="FailingSince">Since when.</param>
internal sealed record ReceiverRow(string Name, long Delivered, long Waiting, long Lost, string Failure, DateTimeOffset? FailingSince);

/// <summary>Forms of the alert commands.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AlertRequest))]
[JsonSerializable(typeof(AlertHistory))]
[JsonSerializable(typeof(List<Alert>))]
[JsonSerializable(typeof(List<ReceiverRow>))]
internal sealed partial class AlertAdminJson : JsonSerializerContext;
