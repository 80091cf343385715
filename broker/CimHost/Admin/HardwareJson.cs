using System.Text.Json.Serialization;
using CimHost.VmKernel.Devices.Emulation.Live;

namespace CimHost.Admin;

/// <summary>What a command about the emulated hardware says; which fields count depends on the command.</summary>
internal sealed record HardwareRequest(
    string Name = "", string Value = "", string Kind = "", double? DelaySeconds = null, int? Keep = null, int? Offset = null, int? Count = null);

/// <summary>Generated JSON code.</summary>
[JsonSerializable(typeof(HardwareRequest))]
[JsonSerializable(typeof(List<HardwareItem>))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class HardwareJson : JsonSerializerContext;
