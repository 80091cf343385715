using System.Text.Json.Serialization;

namespace CimHost.Admin;

/// <summary>Generated JSON form of what goes between the commands and the host.</summary>
[JsonSerializable(typeof(AccountRequest))]
[JsonSerializable(typeof(AdminAnswer))]
[JsonSerializable(typeof(List<UserRow>))]
[JsonSerializable(typeof(List<GroupRow>))]
[JsonSerializable(typeof(List<RoleRow>))]
[JsonSerializable(typeof(List<PermissionRow>))]
[JsonSourceGenerationOptions(
    WriteIndented = true,
    NewLine = "\n",
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    UseStringEnumConverter = true)]
internal sealed partial class AccountJson : JsonSerializerContext;

/// <summary>What became of a change.</summary>
/// <param name="Success">Whether it was made.</param>
/// <param name="Message">What was done, or why nothing was.</param>
internal sealed record AdminAnswer(bool Success, string Message);

/// <summary>A user.</summary>
internal sealed record UserRow(string Name, int UserId, int GroupId, string Description, string Home, string Shell, IReadOnlyList<string> Groups, string State, string? PasswordChanged);

/// <summary>A group.</summary>
internal sealed record GroupRow(string Name, int GroupId, IReadOnlyList<string> Members);

/// <summary>A role.</summary>
internal sealed record RoleRow(string Name, bool BuiltIn, IReadOnlyList<string> Privileges);

/// <summary>A permission.</summary>
internal sealed record PermissionRow(string Principal, bool IsGroup, string Role, string Path, bool Propagate);
