using System.Text.Json.Serialization;

namespace CimHost.Alerts.Store;

/// <summary>Alerts as they are kept, and as webhooks get them.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Alert))]
[JsonSerializable(typeof(AlertEvent))]
[JsonSerializable(typeof(ElementRecord))]
internal sealed partial class AlertJson : JsonSerializerContext;
