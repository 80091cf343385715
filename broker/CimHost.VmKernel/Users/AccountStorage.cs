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
    public static AccountState? Load(Func<string, ReadOnlyMemory<byte>?> files, AccountState? before = null)
    {
        if (files(Passwd) is not { } passwd)
        {
            return null;
        }

        List<Role> roles = Read(files, Roles, PermissionFiles.ReadRoles) ?? [];
        Dictionary<string, Role> known = Role.BuiltIn.Concat(roles).ToDictionary(r => r.Name, StringComparer.OrdinalIgnoreCase);
        return new AccountState(
            Parse<PasswdEntry>(Passwd, passwd),
            Parse<GroupEntry>(Group, files(Group) ?? default),
            Parse<ShadowEntry>(Shadow, files(Shadow) ?? default),
            roles,
            Read(files, Permissions, content => PermissionFiles.ReadPermissions(content, known)) ?? [],
            before);
    }

    /// <summary>The files that differ from those before.</summary>
    public static IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Changes(AccountState state, AccountState? before)
    {
        var changed = new Dictionary<string, ReadOnlyMemory<byte>>();
        Add(Passwd, state.Passwd, before?.Passwd, state.Passwd.ToBytes);
        Add(Group, state.Group, before?.Group, state.Group.ToBytes);
        Add(Shadow, state.Shadow, before?.Shadow, state.Shadow.ToBytes);
        Add(Roles, state.CustomRoles, before?.CustomRoles, () => PermissionFiles.Write(state.CustomRoles));
        Add(Permissions, state.Permissions, before?.Permissions, () => PermissionFiles.Write(state.Permissions));
        return changed;

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

    private static T? Read<T>(Func<string, ReadOnlyMemory<byte>?> files, string name, Func<ReadOnlyMemory<byte>, T> read)
        where T : class
    {
        try
        {
            return files(name) is { } content ? read(content) : null;
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"The account file {name} cannot be read: {e.Message}", e);
        }
    }
}
