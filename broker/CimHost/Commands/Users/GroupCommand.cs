using System.CommandLine;
using CimHost.Admin;

namespace CimHost.Commands.Users;

/// <summary><c>cimhost group</c>.</summary>
internal static class GroupCommand
{
    /// <summary>The commands.</summary>
    public static Command Create(ClientOptions client) => new("group", "Show and change the groups of the host.") { List(client), Add(client), Remove(client), Member(client) };

    private static Command List(ClientOptions client)
    {
        Command command = client.AddTo(new Command("list", "Show the groups and who belongs to them."), hasNamespace: false);
        command.SetAction((parsed, token) => CommandContext.RunAsync(
            parsed,
            client,
            (context, cancel) => AccountCalls.ListAsync(
                context, "group/list", AccountJson.Default.ListGroupRow, ["Name", ">Gid", "Members"], g => [g.Name, $"{g.GroupId}", string.Join(", ", g.Members)], cancel),
            token));
        return command;
    }

    private static Command Add(ClientOptions client)
    {
        Argument<string> name = Name();
        var id = new Option<int?>("--gid") { Description = "Group id (default: the next free one from 1000).", HelpName = "NUMBER" };
        Command command = client.AddTo(new Command("add", "Add a group."), hasNamespace: false);
        command.Add(name);
        command.Add(id);
        command.SetAction((parsed, token) => CommandContext.RunAsync(
            parsed,
            client,
            (context, cancel) => AccountCalls.ChangeAsync(context, "group/add", new AccountRequest { Name = parsed.GetRequiredValue(name), Id = parsed.GetValue(id) }, cancel),
            token));
        return command;
    }

    private static Command Remove(ClientOptions client)
    {
        Argument<string> name = Name();
        Command command = client.AddTo(new Command("remove", "Remove a group with its permissions."), hasNamespace: false);
        command.Add(name);
        command.SetAction((parsed, token) => CommandContext.RunAsync(
            parsed, client, (context, cancel) => AccountCalls.ChangeAsync(context, "group/remove", new AccountRequest { Name = parsed.GetRequiredValue(name) }, cancel), token));
        return command;
    }

    private static Command Member(ClientOptions client)
    {
        Argument<string> name = Name();
        var added = new Option<string[]>("--add") { Description = "A user who becomes a member; may be repeated.", HelpName = "USER" };
        var removed = new Option<string[]>("--remove") { Description = "A user who is a member no longer; may be repeated.", HelpName = "USER" };
        Command command = client.AddTo(new Command("member", "Change who belongs to a group.\nExample: cimhost group member localadmin --add monitor"), hasNamespace: false);
        command.Add(name);
        command.Add(added);
        command.Add(removed);
        command.SetAction((parsed, token) => CommandContext.RunAsync(
            parsed,
            client,
            (context, cancel) =>
            {
                var request = new AccountRequest { Name = parsed.GetRequiredValue(name), Add = parsed.GetValue(added) ?? [], Remove = parsed.GetValue(removed) ?? [] };
                return request.Add.Count + request.Remove.Count == 0
                    ? throw new UsageException("Say who: --add USER or --remove USER.")
                    : AccountCalls.ChangeAsync(context, "group/member", request, cancel);
            },
            token));
        return command;
    }

    private static Argument<string> Name() => new("NAME") { Description = "Name of the group." };
}
