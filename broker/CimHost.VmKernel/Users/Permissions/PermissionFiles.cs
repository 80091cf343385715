using System.Text.Json;
using System.Text.Json.Serialization;

namespace CimHost.VmKernel.Users.Permissions;

/// <summary>The files of roles and of permissions: JSON that a person can read.</summary>
internal static class PermissionFiles
{
    /// <summary>Most roles.</summary>
    public const int MaxRoles = 200;

    /// <summary>Most permissions.</summary>
    public const int MaxPermissions = 5_000;

    private const int MaxBytes = 4 * 1024 * 1024;

    /// <summary>Reads the roles that people made.</summary>
    /// <exception cref="InvalidDataException">The content is wrong; the message says what and, where it can, in which line.</exception>
    public static List<Role> ReadRoles(ReadOnlyMemory<byte> content)
    {
        List<RoleText> texts = Read(content, PermissionFilesContext.Default.ListRoleText, MaxRoles, "roles");
        var roles = new List<Role>(texts.Count);
        foreach (RoleText? text in texts)
        {
            if (text is not { Name: { } name, Privileges: { } privileges } || !Role.IsName(name))
            {
                throw new InvalidDataException($"role '{text?.Name}' lacks its name or its privileges.");
            }

            if (roles.Concat(Role.BuiltIn).Any(r => string.Equals(r.Name, name, StringComparison.OrdinalIgnoreCase)))
            {
                throw new InvalidDataException($"role '{name}' is there twice.");
            }

            roles.Add(new Role(name, privileges.Select(p => Privilege.TryParse(p ?? string.Empty, out Privilege? privilege)
                ? privilege
                : throw new InvalidDataException($"role '{name}' names the privilege '{p}', which does not exist."))));
        }

        return roles;
    }

    /// <summary>Reads the permissions.</summary>
    /// <exception cref="InvalidDataException">The content is wrong, or a role does not exist.</exception>
    public static List<Permission> ReadPermissions(ReadOnlyMemory<byte> content, IReadOnlyDictionary<string, Role> roles)
    {
        List<PermissionText> texts = Read(content, PermissionFilesContext.Default.ListPermissionText, MaxPermissions, "permissions");
        var permissions = new List<Permission>(texts.Count);
        foreach (PermissionText? text in texts)
        {
            string where = $"the permission of '{text?.User ?? text?.Group}' on '{text?.Path}'";
            if (text is null || text.Path is null || (text.User is null) == (text.Group is null) || !Files.AccountFields.IsName((text.User ?? text.Group)!))
            {
                throw new InvalidDataException($"{where} has to name one user or one group, and a path.");
            }

            if (!ObjectPath.TryParse(text.Path, out ObjectPath path, out string error))
            {
                throw new InvalidDataException(error);
            }

            if (!roles.TryGetValue(text.Role ?? string.Empty, out Role? role))
            {
                throw new InvalidDataException($"{where} names the role '{text.Role}', which does not exist.");
            }

            var permission = new Permission((text.User ?? text.Group)!, text.Group is not null, role.Name, path, text.Propagate);
            if (permissions.Exists(p => p.IsAbout(permission.Principal, permission.IsGroup, path)))
            {
                throw new InvalidDataException($"{where} is there twice.");
            }

            permissions.Add(permission);
        }

        return permissions;
    }

    /// <summary>The file of the roles that people made.</summary>
    public static byte[] Write(IEnumerable<Role> roles) => JsonSerializer.SerializeToUtf8Bytes(
        [.. roles.Where(r => !r.IsBuiltIn).Select(r => new RoleText { Name = r.Name, Privileges = [.. r.Privileges.Select(p => p.Name)] })],
        PermissionFilesContext.Default.ListRoleText);

    /// <summary>The file of the permissions.</summary>
    public static byte[] Write(IEnumerable<Permission> permissions) => JsonSerializer.SerializeToUtf8Bytes(
        [.. permissions.Select(p => new PermissionText
        {
            User = p.IsGroup ? null : p.Principal,
            Group = p.IsGroup ? p.Principal : null,
            Role = p.Role,
            Path = p.Path.ToString(),
            Propagate = p.Propagates,
        })],
        PermissionFilesContext.Default.ListPermissionText);

    private static List<T> Read<T>(ReadOnlyMemory<byte> content, System.Text.Json.Serialization.Metadata.JsonTypeInfo<List<T>> type, int max, string what)
    {
        if (content.Length > MaxBytes)
        {
            throw new InvalidDataException($"it has {content.Length} bytes; at most {MaxBytes} are read.");
        }

        try
        {
            List<T> items = JsonSerializer.Deserialize(content.Span, type) ?? throw new InvalidDataException($"it holds no list of {what}.");
            return items.Count <= max ? items : throw new InvalidDataException($"it holds {items.Count} {what}; at most {max} are allowed.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException(e.Message, e);
        }
    }

    internal sealed record RoleText
    {
        public string? Name { get; init; }

        public List<string?>? Privileges { get; init; }
    }

    internal sealed record PermissionText
    {
        public string? User { get; init; }

        public string? Group { get; init; }

        public string? Role { get; init; }

        public string? Path { get; init; }

        public bool Propagate { get; init; } = true;
    }
}

/// <summary>Generated JSON form of the files.</summary>
[JsonSerializable(typeof(List<PermissionFiles.RoleText>), TypeInfoPropertyName = "ListRoleText")]
[JsonSerializable(typeof(List<PermissionFiles.PermissionText>), TypeInfoPropertyName = "ListPermissionText")]
[JsonSourceGenerationOptions(
    WriteIndented = true,
    NewLine = "\n",
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
internal sealed partial class PermissionFilesContext : JsonSerializerContext;
