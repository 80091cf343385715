using System.CommandLine;
using CimHost.Admin;

namespace CimHost.Commands.Users;

/// <summary><c>cimhost permission</c>.</summary>
internal static class PermissionCommand
{
    /// <summary>The commands.</summary>
    public static Command Create(ClientOptions client) =>
        new("permission", "Show and change permissions: which role a user or a group has on what.") { List(client), Set(client), Remove(client) };

    private static Command List(ClientOptions client)
    {
        Command command = client.AddTo(new Command("list", "Show the permissions."), hasNamespace: false);
        command.SetAction((parsed, token) => CommandContext.RunAsync(
            parsed,
            client,
            (context, cancel) => AccountCalls.ListAsync(
                context,
                "permission/list",
                AccountJson.Default.ListPermissionRow,
                ["Object", "Kind", "Name", "Role", "Below"],
                p => [p.Path, p.IsGroup ? "group" : "user", p.Principal, p.Role, p.Propagate ? "yes" : "no"],
                cancel),
            token));
        return command;
    }

    private static Command Set(ClientOptions client)
    {
        Argument<string> name = Name();
        var role = new Argument<string>("ROLE") { Description = "Role; NoAccess takes away what a permission further up gives." };
        Option<string> path = Path();
        Option<bool> isGroup = IsGroup();
        var noPropagate = new Option<bool>("--no-propagate") { Description = "Only on the object itself, not on what lies below." };
        Command command = client.AddTo(
            new Command(
                "set",
                "Give a user or a group a role on an object, in place of the one that it had there. The most specific object decides alone; on one object a user's own role comes before those of its groups.\n"
                + "Example: cimhost permission set monitor CimOperator --path cim:root/cimv2"),
            hasNamespace: false);
        command.Add(name);
        command.Add(role);
        command.Add(path);
        command.Add(isGroup);
        command.Add(noPropagate);
        command.SetAction((parsed, token) => CommandContext.RunAsync(
            parsed,
            client,
            (context, cancel) => AccountCalls.ChangeAsync(
                context,
                "permission/set",
                new AccountRequest
                {
                    Name = parsed.GetRequiredValue(name),
                    Role = parsed.GetRequiredValue(role),
                    Path = parsed.GetValue(path) ?? "/",
                    IsGroup = parsed.GetValue(isGroup),
                    Propagate = !parsed.GetValue(noPropagate),
                },
                cancel),
            token));
        return command;
    }

    private static Command Remove(ClientOptions client)
    {
        Argument<string> name = Name();
        Option<string> path = Path();
        Option<bool> isGroup = IsGroup();
        Command command = client.AddTo(new Command("remove", "Take the role of a user or a group on an object away."), hasNamespace: false);
        command.Add(name);
        command.Add(path);
        command.Add(isGroup);
        command.SetAction((parsed, token) => CommandContext.RunAsync(
            parsed,
            client,
            (context, cancel) => AccountCalls.ChangeAsync(
                context, "permission/remove", new AccountRequest { Name = parsed.GetRequiredValue(name), Path = parsed.GetValue(path) ?? "/", IsGroup = parsed.GetValue(isGroup) }, cancel),
            token));
        return command;
    }

    private static Argument<string> Name() => new("NAME") { Description = "User, or with --is-group a group." };

    private static Option<bool> IsGroup() => new("--is-group") { Description = "The name is that of a group." };

    private static Option<string> Path() => new("--path")
    {
        Description = "Object: / (everything), cim:NAMESPACE, file:/host, file:/folder/DATASTORE, file:/tmp, or cim: and file: for all of a kind.",
        HelpName = "OBJECT",
        DefaultValueFactory = static _ => "/",
    };
}
