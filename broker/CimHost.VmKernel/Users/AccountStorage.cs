using CimHost.VmKernel.Users.Files;
using CimHost.VmKernel.Users.Permissions;

namespace CimHost.VmKernel.Users;

/// <summary>The state of the accounts as files.</summary>
internal static class AccountStorage
{
    private const string Passwd = "passwd";
    private const string Group = "group";
    private const string Shadow = "shadow";
    private const string Roles = "roles";
    private const string Permissions = "permissions";

    /// <summary>Reads the files; null when there are none yet.</summary>
    /// <exception cref="InvalidDataException">A file is wrong; the message names it and the line. Nothing is overwritten.</exception>
    public static AccountState? Load(IAccountFiles files, AccountState? before = null)
    {
        if (files.Read(Passwd) is not { } passwd)
        {
            return null;
        }

        List<Role> roles = Read(files, Roles, PermissionFiles.ReadRoles) ?? [];
        Dictionary<string, Role> known = Role.BuiltIn.Concat(roles).ToDictionary(r => r.Name, StringComparer.OrdinalIgnoreCase);
        return new AccountState(
            Parse<PasswdEntry>(Passwd, passwd),
            Parse<GroupEntry>(Group, files.Read(Group) ?? default),
            Parse<ShadowEntry>(Shadow, files.Read(Shadow) ?? default),
            roles,
            Read(files, Permissions, content => PermissionFiles.ReadPermissions(content, known)) ?? [],
            before);
    }

    /// <summary>Writes the files that differ from those before; durable when this returns.</summary>
    public static async ValueTask SaveAsync(IAccountFiles files, AccountState state, AccountState? before)
    {
        var changed = new Dictionary<string, ReadOnlyMemory<byte>>();
        Add(Passwd, state.Passwd, before?.Passwd, state.Passwd.ToBytes);
        Add(Group, state.Group, before?.Group, state.Group.ToBytes);
        Add(Shadow, state.Shadow, before?.Shadow, state.Shadow.ToBytes);
        Add(Roles, state.CustomRoles, before?.CustomRoles, () => PermissionFiles.Write(state.CustomRoles));
        Add(Permissions, state.Permissions, before?.Permissions, () => PermissionFiles.Write(state.Permissions));
        if (changed.Count > 0)
        {
            // Whoever asked for the change may go away; half of it must not.
            await files.WriteAsync(changed, CancellationToken.None);
        }

        void Add(string name, object now, object? earlier, Func<byte[]> content)
        {
            if (!ReferenceEquals(now, earlier))
            {
                changed[name] = content();
            }
        }
    }

    private static AccountFile<T> Parse<T>(string name, ReadOnlyMemory<byte> content)
        where T : class, IAccountEntry<T> => AccountFile<T>.TryRead(content.Span, out AccountFile<T>? file, out AccountFileError error)
            ? file
            : throw new InvalidDataException($"The account file {name} cannot be read: {error}");

    private static T? Read<T>(IAccountFiles files, string name, Func<ReadOnlyMemory<byte>, T> read)
        where T : class
    {
        try
        {
            return files.Read(name) is { } content ? read(content) : null;
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"The account file {name} cannot be read: {e.Message}", e);
        }
    }
}
