using System.Text.Json.Serialization;
using CimHost.Snmp.Agent;
using CimHost.Snmp.AgentX;
using CimHost.Snmp.Notifications;

namespace CimHost.Admin;

/// <summary>A command about SNMP.</summary>
/// <param name="Names">Variables, in dotted decimal.</param>
/// <param name="Types">To set: letters of their types.</param>
/// <param name="Values">To set: their values.</param>
/// <param name="After">To walk: name after which to go on.</param>
internal sealed record SnmpRequest(List<string>? Names = null, List<string>? Types = null, List<string>? Values = null, string? After = null);

/// <summary>A variable.</summary>
/// <param name="Name">In dotted decimal.</param>
/// <param name="Type">Type, or noSuchObject, noSuchInstance.</param>
/// <param name="Value">Value, for people.</param>
internal sealed record SnmpVariable(string Name, string Type, string Value);

/// <summary>Forms of the SNMP commands.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SnmpRequest))]
[JsonSerializable(typeof(List<SnmpVariable>))]
[JsonSerializable(typeof(List<TargetResult>))]
[JsonSerializable(typeof(List<SnmpUserFacts>))]
[JsonSerializable(typeof(List<AgentXStatus>))]
[JsonSerializable(typeof(List<TargetState>))]
internal sealed partial class SnmpJson : JsonSerializerContext;
