using System.CommandLine;
using CimHost.Admin;
using CimHost.VmKernel.Users.Permissions;

namespace CimHost.Commands.Users;

/// <summary><c>cimhost role</c>.</summary>
internal static class RoleCommand
{
    /// <summary>The commands.</summary>
    public static Command Create(ClientOptions client) => new("role", "Show and change roles, which are named sets of privileges.") { List(client), Add(client), Remove(client) };

    private static Command List(ClientOptions client)
    {
        Command command = client.AddTo(new Command("list", "Show the roles and their privileges."), hasNamespace: false);
        command.SetAction((parsed, token) => CommandContext.RunAsync(
            parsed,
            client,
            (context, cancel) => AccountCalls.ListAsync(
                context, "role/list", AccountJson.Default.ListRoleRow, ["Name", "Kind", "Privileges"], r => [r.Name, r.BuiltIn ? "built-in" : "custom", string.Join(", ", r.Privileges)], cancel),
            token));
        return command;
    }

    private static Command Add(ClientOptions client)
    {
        Argument<string> name = Name();
        var privileges = new Option<string[]>("--privilege") { Description = "A privilege; may be repeated.", HelpName = "PRIVILEGE" };
        privileges.CompletionSources.Add([.. Privilege.All.Select(p => p.Name)]);
        Command command = client.AddTo(
            new Command(
                "add",
                "Add a role, or give one that is there these privileges and no others. Privileges:\n"
                + string.Join('\n', Privilege.All.Select(p => $"  {p.Name}: {p.Meaning}"))
                + "\nExample: cimhost role add Operators --privilege Cim.Read --privilege Power.Control"),
            hasNamespace: false);
        command.Add(name);
        command.Add(privileges);
        command.SetAction((parsed, token) => CommandContext.RunAsync(
            parsed,
            client,
            (context, cancel) => AccountCalls.ChangeAsync(context, "role/add", new AccountRequest { Name = parsed.GetRequiredValue(name), Privileges = parsed.GetValue(privileges) ?? [] }, cancel),
            token));
        return command;
    }

    private static Command Remove(ClientOptions client)
    {
        Argument<string> name = Name();
        Command command = client.AddTo(new Command("remove", "Remove a role that no permission names."), hasNamespace: false);
        command.Add(name);
        command.SetAction((parsed, token) => CommandContext.RunAsync(
            parsed, client, (context, cancel) => AccountCalls.ChangeAsync(context, "role/remove", new AccountRequest { Name = parsed.GetRequiredValue(name) }, cancel), token));
        return command;
    }

    private static Argument<string> Name() => new("NAME") { Description = "Name of the role." };
}
