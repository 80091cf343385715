using System.CommandLine;
using CimHost.Admin;

namespace CimHost.Commands.Users;

/// <summary><c>cimhost user</c>.</summary>
internal static class UserCommand
{
    /// <summary>The commands.</summary>
    public static Command Create(ClientOptions client) => new("user", "Show and change the users of the host.") { List(client), Add(client), Set(client), Remove(client), Unlock(client) };

    private static Command List(ClientOptions client)
    {
        Command command = client.AddTo(new Command("list", "Show the users, their groups and whether they may log in."), hasNamespace: false);
        command.SetAction((parsed, token) => CommandContext.RunAsync(parsed, client, ListAsync, token));
        return command;
    }

    private static Task<int> ListAsync(CommandContext context, CancellationToken cancellationToken) => AccountCalls.ListAsync(
        context,
        "user/list",
        AccountJson.Default.ListUserRow,
        ["Name", ">Uid", "State", "Groups", "Description", "Password of"],
        u => [u.Name, $"{u.UserId}", u.State, string.Join(", ", u.Groups), u.Description, u.PasswordChanged ?? string.Empty],
        cancellationToken);

    private static Command Add(ClientOptions client)
    {
        Argument<string> name = Name();
        var description = new Option<string?>("--description") { Description = "Who this is.", HelpName = "TEXT" };
        var role = new Option<string?>("--role") { Description = "Role on everything, such as ReadOnly; without it the user may do nothing yet.", HelpName = "ROLE" };
        var primary = new Option<string?>("--primary-group") { Description = "Primary group (default: users).", HelpName = "GROUP" };
        var groups = new Option<string[]>("--group") { Description = "A further group; may be repeated.", HelpName = "GROUP" };
        var id = new Option<int?>("--uid") { Description = "User id (default: the next free one from 1000).", HelpName = "NUMBER" };
        var noPassword = new Option<bool>("--no-password") { Description = "Give the user no password; it cannot log in until it has one." };
        Command command = client.AddTo(new Command("add", $"Add a user. {NewPassword.Help}\nExample: cimhost user add monitor --role ReadOnly"), hasNamespace: false);
        command.Add(name);
        foreach (Option option in new Option[] { description, role, primary, groups, id, noPassword })
        {
            command.Add(option);
        }

        command.SetAction((parsed, token) => CommandContext.RunAsync(
            parsed,
            client,
            (context, cancel) => AccountCalls.ChangeAsync(
                context,
                "user/add",
                new AccountRequest
                {
                    Name = parsed.GetRequiredValue(name),
                    Password = parsed.GetValue(noPassword) ? null : NewPassword.Read(context, parsed.GetRequiredValue(name)),
                    Description = parsed.GetValue(description),
                    Role = parsed.GetValue(role),
                    PrimaryGroup = parsed.GetValue(primary),
                    Groups = parsed.GetValue(groups) ?? [],
                    Id = parsed.GetValue(id),
                },
                cancel),
            token));
        return command;
    }

    private static Command Set(ClientOptions client)
    {
        Argument<string> name = Name();
        var password = new Option<bool>("--password") { Description = "Give the user a new password, which ends a lock-out. Everybody may do this for their own." };
        var description = new Option<string?>("--description") { Description = "Who this is.", HelpName = "TEXT" };
        var role = new Option<string?>("--role") { Description = "Role on everything.", HelpName = "ROLE" };
        var primary = new Option<string?>("--primary-group") { Description = "Primary group.", HelpName = "GROUP" };
        var isLocked = new Option<bool>("--lock") { Description = "Lock the user; cimhost user unlock lifts it." };
        Command command = client.AddTo(new Command("set", $"Change a user. {NewPassword.Help}\nExample: cimhost user set root --password"), hasNamespace: false);
        command.Add(name);
        foreach (Option option in new Option[] { password, description, role, primary, isLocked })
        {
            command.Add(option);
        }

        command.SetAction((parsed, token) => CommandContext.RunAsync(
            parsed,
            client,
            (context, cancel) =>
            {
                var request = new AccountRequest
                {
                    Name = parsed.GetRequiredValue(name),
                    Password = parsed.GetValue(password) ? NewPassword.Read(context, parsed.GetRequiredValue(name)) : null,
                    Description = parsed.GetValue(description),
                    Role = parsed.GetValue(role),
                    PrimaryGroup = parsed.GetValue(primary),
                    Locked = parsed.GetValue(isLocked) ? true : null,
                };
                return request is { Password: null, Description: null, Role: null, PrimaryGroup: null, Locked: null }
                    ? throw new UsageException("Say what to change: --password, --description, --role, --primary-group or --lock.")
                    : AccountCalls.ChangeAsync(context, "user/set", request, cancel);
            },
            token));
        return command;
    }

    private static Command Remove(ClientOptions client) => OfName(client, "remove", "Remove a user with its memberships and permissions.");

    private static Command Unlock(ClientOptions client) => OfName(client, "unlock", "End a lock-out after wrong passwords, and lift the lock of an administrator.");

    private static Command OfName(ClientOptions client, string verb, string description)
    {
        Argument<string> name = Name();
        Command command = client.AddTo(new Command(verb, description), hasNamespace: false);
        command.Add(name);
        command.SetAction((parsed, token) => CommandContext.RunAsync(
            parsed, client, (context, cancel) => AccountCalls.ChangeAsync(context, "user/" + verb, new AccountRequest { Name = parsed.GetRequiredValue(name) }, cancel), token));
        return command;
    }

    private static Argument<string> Name() => new("NAME") { Description = "Login name." };
}
