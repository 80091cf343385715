using System.Text.Json;
using System.Text.Json.Serialization;
using CimHost.VmKernel.Users.Changes;
using CimHost.VmKernel.Users.Files;
using CimHost.VmKernel.Users.Passwords;
using CimHost.VmKernel.Users.Permissions;

namespace CimHost.VmKernel.Users;

/// <summary>The users, groups and permissions of a host that starts for the first time, with the ids that they have on ESXi.</summary>
internal static class DefaultAccounts
{
    /// <summary>Users that cannot be removed.</summary>
    public static readonly string[] Users = ["root", "dcui", "vpxuser"];

    /// <summary>Groups that cannot be removed.</summary>
    public static readonly string[] Groups = ["root", "users", "localadmin"];

    /// <summary>Group id of users.</summary>
    public const int UsersGroupId = 100;

    private const int LocalAdminGroupId = 999;

    /// <summary>
    /// The first state: root with a password; dcui (the direct console) and vpxuser (who comes when the host is managed) can log in with
    /// none.
    /// </summary>
    /// <param name="rootHash">Hash of root's password.</param>
    /// <param name="day">Today, counted from 1970-01-01.</param>
    public static AccountState Create(string rootHash, int day) => new(
        AccountFile<PasswdEntry>.Empty
            .With(new PasswdEntry("root", "x", 0, 0, "Administrator", "/", "/bin/sh"))
            .With(new PasswdEntry("dcui", "x", 100, UsersGroupId, "DCUI User", "/", "/bin/sh"))
            .With(new PasswdEntry("vpxuser", "x", 500, UsersGroupId, "Virtual center administration account", "/", "/sbin/nologin")),
        AccountFile<GroupEntry>.Empty
            .With(new GroupEntry("root", "x", 0, ["root"]))
            .With(new GroupEntry("users", "x", UsersGroupId, []))
            .With(new GroupEntry("localadmin", "x", LocalAdminGroupId, ["root", "dcui"])),
        AccountFile<ShadowEntry>.Empty.With(Hash("root", rootHash, day)).With(Hash("dcui", "*", day)).With(Hash("vpxuser", "*", day)),
        [],
        [
            new Permission("root", false, Role.Administrator.Name, ObjectPath.Root, true),
            new Permission("dcui", false, Role.Administrator.Name, ObjectPath.Root, true),
            new Permission("vpxuser", false, Role.Administrator.Name, ObjectPath.Root, true),
        ],
        null);

    /// <summary>A line of /etc/shadow for a new hash.</summary>
    public static ShadowEntry Hash(string name, string hash, int day) => new(name, hash, day, 0, 99_999, 7, null, null, string.Empty);

    /// <summary>Takes the users of an older version over, from its <c>users.json</c>: their hashes stay as they are.</summary>
    /// <param name="path">The file.</param>
    /// <param name="day">Today, counted from 1970-01-01.</param>
    /// <exception cref="InvalidDataException">The file is damaged, or a user of it cannot be taken over.</exception>
    public static AccountState FromUsersJson(string path, int day)
    {
        try
        {
            List<EarlierUser?> users = JsonSerializer.Deserialize(File.ReadAllBytes(path), DefaultAccountsContext.Default.ListEarlierUser) ?? [];
            EarlierUser? root = users.Find(u => u?.Name == "root");
            AccountState state = Create(root is null ? "*" : HashOf(root), day);
            int userId = UserChanges.FirstId;
            foreach (EarlierUser? user in users)
            {
                state = With(state, user ?? throw new JsonException("a user is null."), ref userId, day);
            }

            return state;
        }
        catch (Exception e) when (e is JsonException or AccountException)
        {
            throw new InvalidDataException($"The users of before in {path} cannot be taken over: {e.Message}", e);
        }
    }

    private static AccountState With(AccountState state, EarlierUser user, ref int userId, int day)
    {
        string name = AccountFields.IsName(user.Name) ? user.Name : throw new AccountException($"'{user.Name}' is no user name any more: it needs {AccountFields.NameRule}.");
        string role = user.Role == "Administrator" ? Role.Administrator.Name : Role.ReadOnly.Name;
        if (!Users.Contains(name))
        {
            state = state.With(
                state.Passwd.With(new PasswdEntry(name, "x", userId++, UsersGroupId, string.Empty, "/", "/bin/sh")),
                shadow: state.Shadow.With(Hash(name, HashOf(user), day)));
        }

        return state.With(new Permission(name, false, role, ObjectPath.Root, true));
    }

    private static string HashOf(EarlierUser user) => Pbkdf2Sha512Hash.From(user.Iterations, user.Salt, user.Hash)?.ToString()
        ?? throw new AccountException($"the hash of user '{user.Name}' is not one of this program.");

    internal sealed record EarlierUser
    {
        public string Name { get; init; } = string.Empty;

        public string Role { get; init; } = string.Empty;

        public byte[] Salt { get; init; } = [];

        public byte[] Hash { get; init; } = [];

        public int Iterations { get; init; }
    }
}

/// <summary>Generated JSON form of the user file of before.</summary>
[JsonSerializable(typeof(List<DefaultAccounts.EarlierUser?>), TypeInfoPropertyName = "ListEarlierUser")]
[JsonSourceGenerationOptions(RespectNullableAnnotations = true)]
internal sealed partial class DefaultAccountsContext : JsonSerializerContext;
